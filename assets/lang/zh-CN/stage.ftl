### 舞台与日志条：上面写的文字，以及读屏软件所读的内容

stage-epoch = epoch { $number }
stage-round = 第 { $number } 轮
stage-votes = 投给 { $node }
stage-newest = zxid { $zxid }
stage-connected = 已连接
stage-waits-for = 等待 { $number } 个应答
stage-connecting = 连接中
stage-closed = 已关闭
stage-down = 宕机
stage-not-started = 未启动
stage-slow-by = 延迟 ×{ $times }
stage-name-down = { $node } 宕机
stage-no-transactions = 还没有事务：客户端的第一次写入会出现在这里
stage-down-as-shown = 宕机，显示最后状态
stage-server = { $node }，{ $role }，epoch { $epoch }
stage-locks = ，锁住 { $locked } 个路径
stage-client-connected = { $client }，客户端，已连接到 { $server }
stage-client-tries = { $client }，客户端，正在尝试 { $server }
stage-client-closed = { $node }，客户端，已关闭
stage-client-alone = { $node }，客户端，未连接
stage-node-down = { $node }，宕机
stage-node-not-started = { $node }，未启动
stage-paused = { $name }，已暂停
stage-link = 链路 { $a } – { $b }
stage-cut = { $link }，已断开
stage-cut-way = { $link }，{ $from } → { $to } 已断开
stage-held = { $link }，消息被扣留
stage-held-way = { $link }，{ $from } → { $to } 的消息被扣留
stage-latency = { $link }，延迟 { $percent } %
stage-message = 从 { $from } 到 { $to } 的 { $label }
stage-message-waits = 从 { $from } 到 { $to } 的 { $label }，等待中
stage-nothing-yet = 还没有发生任何事情
stage-touch = 单击查看，右键操作
stage-takes = 用时 { $span }
stage-waits-what = 等待：{ $what }

role-looking = LOOKING
role-follower = follower
role-leader = leader
role-observer = observer

cell-in-memory = 在内存中
cell-written = 已写入
cell-durable = 已落盘
cell-committed = 已提交
cell-applied = 已应用
cell-truncated = 已截断
cell-in-snapshot = 在快照中
cell-on-disk = 在磁盘上


title-server = 服务器 { $node }
title-client = 客户端 { $node }
title-link = 链路 { $a } – { $b }
title-sent = { $label } { $from } → { $to }
title-message = 消息 { $seq }
title-transaction = { $node } 上的事务 { $zxid }
title-number = { $node } 上的第 { $number } 项
stage-more-clients = 还有 { $count } 个客户端没有画出：
