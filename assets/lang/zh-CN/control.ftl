### 控制运行：断点、接下来的事件、崩溃与磁盘

cmd-next-delivery = 下一条消息
    .tip = 前进到下一条（所显示的）消息到达时
cmd-next-phase = 下一阶段
    .tip = 前进到某台服务器进入另一阶段时：选举、发现、同步、广播，或事务的下一步
cmd-run-until = 运行到……
    .tip = 输入一个条件，让时间流逝直到它成立

page-breakpoints = 断点
    .tip = 显示或隐藏时间自动停下的位置，以及“运行到”
break-elected = 某台服务器当选
break-established = leader 的 epoch 确立
break-session-expired = 会话过期
break-blocked = 事务被阻塞
break-decided = 写操作被提交
break-any-check = 某项检查被违反
break-acted = 有人或脚本进行干预
break-milestone = 里程碑 { $name }
break-message = { $label } 到达
break-node = { $node } 上发生任何事
break-check = { $check } 被违反
break-delivery = 消息到达
break-phase = 服务器进入另一阶段
break-toggle = 在此停下
    .tip = 时间流逝时是否在此停下
break-add = 断点
    .tip = 每当它成立时停下
break-remove = 移除
    .tip = 移除此断点
break-typing = 条件
    .tip = 与场景文件中相同的条件，例如 Elected("s2") 或 AllApplied("/a")。Tab 采用第一个建议
break-until = 运行到
    .tip = 让时间流逝直到它成立（从现在算起）；空格放弃
break-hint = 例如 Delivered("COMMIT", to: "s2")
break-run = 运行
break-more = 停在：
break-more-milestone = 里程碑
break-more-message = 消息
break-more-node = 节点
break-more-check = 检查
break-hits =
    { $count ->
       *[other] 已停 { $count } 次
    }
break-stopped = 停在断点：{ $what }
break-stopped-at = 停在 { $at }：{ $what }

page-upcoming = 即将发生
    .tip = 显示或隐藏接下来可能发生的事件，并让其中之一先发生
upcoming-nothing = 没有你的干预，这里不会再发生任何事：启动或重启服务器，或让客户端写入
upcoming-playing = 时间正在流逝：按空格暂停，再选择接下来发生什么
upcoming-waits = 等待中
upcoming-message = 来自 { $from } 的 { $label } 到达
upcoming-timer = 定时器 { $name } 触发
upcoming-fsync =
    { $writes ->
       *[other] { $writes } 次写入的 fsync 结束
    }
upcoming-deliver = 先发生
    .tip = 让这条消息先到达；同一连接上排在它前面的消息随之到达
upcoming-fire = 先发生
    .tip = 让这个定时器现在触发，服务器的时钟跳到它本应触发的时刻
upcoming-end = 立即结束
    .tip = 让这次 fsync 现在结束：其中的写入已持久化
upcoming-not-now = 现在不行：服务器未运行，或另一个同名定时器会更早触发

page-disks = 磁盘
    .tip = 显示或隐藏每台服务器上已持久化的内容，以及崩溃会丢失什么
disk-in-memory = 在内存中
    .tip = 尚未交给磁盘：任何崩溃都会丢失
disk-pending = 在页缓存中
    .tip = 已写入但未 fsync：断电会丢失，进程退出不会
disk-durable = 已持久化
    .tip = 已 fsync：任何崩溃都不会丢失
disk-older = …… 更早的 { $count } 条
disk-empty = 日志为空
disk-no-log = 不保存事务日志
disk-down = 未运行：磁盘上的内容会在启动时读出
disk-all-durable =
    { $writes ->
       *[other] 没有待持久化的写入
    }
disk-no-fsync =
    { $writes ->
       *[other] { $writes } 次写入待持久化，没有 fsync 正在进行
    }
disk-fsync =
    { $writes ->
       *[other] { $writes } 次写入的 fsync，{ $left }后结束
    }
disk-crash-now = 若现在崩溃：
disk-loses-nothing = 不丢失已写入的内容
disk-loses = 丢失 { $what }
disk-loses-some = 丢失 { $what } 的一部分，最后一条记录残缺
disk-writes =
    { $writes ->
       *[other] { $writes } 次写入
    }
crash-asks =
    { $writes ->
       *[other] 让 { $server } 崩溃：{ $writes } 次写入尚未持久化
    }
crash-pending = 断电
    .tip = 所有待持久化的内容都会丢失
crash-torn = 写入途中断电
    .tip = 待持久化的内容只留下一部分，最后一条记录只写了一半
crash-nothing = 仅进程退出
    .tip = 操作系统仍会写完已交给它的内容
crash-no = 不崩溃
