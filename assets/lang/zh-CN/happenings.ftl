### 发生的事情：事件列表、说明文字以及读屏软件所读的内容

## 记录

happens-acted = 干预：{ $action }
happens-refused = 被拒绝：{ $action }，{ $why }
happens-booted = 启动
happens-stopped = 停止
happens-sent = 向 { $to } 发送 { $message }，{ $span } 后到达
happens-sent-waits = 向 { $to } 发送 { $message }，但通路被阻断，只能等待
happens-rerouted = { $message } 重新上路，将于 { $at } 到达
happens-rerouted-waits = { $message } 在等待：通路被阻断
happens-delivered = 收到来自 { $from } 的 { $message }
happens-lost = { $message } 丢失：{ $why }
happens-dialled = 向 { $peer } 建立连接
happens-closed = 得知与 { $peer } 的连接已断开
happens-timer = 定时器触发：{ $timer }
happens-fsync-began =
    { $writes ->
       *[other] 开始对 { $writes } 次写入执行 fsync，需要 { $span }
    }
happens-fsync-ended =
    { $writes ->
       *[other] { $writes } 次写入已落盘
    }
happens-requested = 请求：{ $op }
happens-replied = { $op }：{ $answer }
happens-failed = { $op } 失败：{ $code }
happens-violated = 违反 { $check }：{ $why }
happens-outside = 回复外部程序，{ $bytes } 字节
happens-hung-up = 挂断外部程序
happens-limit = 达到上限：{ $why }
happens-to = { $node } { $what }

message-from = 来自 { $from } 的 { $label }
message-to = 发往 { $to } 的 { $label }
message-unknown = 消息 { $seq }

lost-network = 被网络丢弃
lost-connection-gone = 所在的连接已断开
lost-not-connected = 没有可用于发送的连接
lost-replaced = 在单槽队列中被更新的消息取代
lost-receiver-down = 接收方未运行
lost-dropped = 被手动丢弃

answer-created = 已创建 { $path }
answer-ok = 成功，版本 { $version }
answer-data = { $data }，版本 { $version }
answer-done = 成功
answer-rolled-back = 已回滚：{ $all } 个操作中的第 { $nth } 个失败，{ $code }

branch-main = 主线
branch-nth = 分支 { $nth }

## 里程碑

did-looking = 寻找 leader，第 { $round } 轮（{ $why }）
did-voted = 投票给 { $vote }
did-elected = 结束选举：{ $leader } 当选 leader
did-epoch-accepted = acceptedEpoch = { $epoch } 已落盘
did-epoch-current = currentEpoch = { $epoch } 已落盘
did-sync-chosen = 对 { $learner } 采用 { $kind }({ $zxid })：{ $why }
did-established = epoch { $epoch } 已建立
did-serving = 在 epoch { $epoch } 中为客户端服务
did-stepped-down = 退位：{ $why }
did-proposed = 提出提案 { $zxid }
did-logged = 已写日志 { $zxid }，尚未落盘
did-durable = 日志已落盘至 { $zxid }
did-acked = 计入 { $by } 对 { $zxid } 的 ACK
did-committed = 提交 { $zxid }
did-applied = 应用 { $zxid }
did-truncated = 把日志截断到 { $to }：移除 { $removed } 条
did-restored = 用 leader 在 { $zxid } 处的数据树替换自己的
did-snapshot = 在 { $zxid } 处生成快照
did-recovered = 已恢复至 { $zxid }，重放 { $replayed } 条
did-torn-tail = 日志末尾的残缺记录已被截掉；{ $kept } 是最后一条完整记录
did-session-opened = 会话 { $session } 已打开，超时 { $timeout } ms
did-session-expired = 会话 { $session } 已过期
did-began = 开始 { $txn }：{ $what }
did-prepared = 已准备 { $txn }：YES 已落盘，锁保持不放
did-voted-no = 对 { $txn } 投 NO：{ $why }
did-pre-committed = 已预提交 { $txn }
did-blocked = 在 { $txn } 上被阻塞：{ $why }
did-promised = 承诺 ballot { $ballot }
did-prevailed = 已获得过半数对 ballot { $ballot } 的承诺
did-adopted = 对 { $txn } 必须采纳 ballot { $ballot } 中已接受的值：{ $what }
did-preempted = 放弃自己的 ballot，让位于更高的 { $ballot }
did-accepted = 在 ballot { $ballot } 中对 { $txn } 接受：{ $what }
did-decided = 决定 { $txn }：{ $what }
did-decided-abort = 决定 { $txn }：中止
did-merged = 从 { $from } 接收 { $entries } 条更新的内容
did-lease-expired = 丢弃 { $path }：租约已到期
did-connected = 已连接到 { $server }
did-disconnected = 连接断开：{ $why }
did-watch-set = watch { $path }（{ $watch }）
did-watch-fired = 收到 { $event } { $path }
did-ignored = 忽略：{ $why }
did-fatal = 退出：{ $why }
vote = （{ $leader }，{ $zxid }，epoch { $epoch }）

## 干预

act-start = 启动 { $node }
act-crash = 使 { $node } 崩溃
act-crash-torn = 使 { $node } 在写入途中崩溃
act-kill = 杀死 { $node } 的进程
act-restart = 重启 { $node }
act-pause = 暂停 { $node }
act-resume = 恢复 { $node }
act-clock = { $node } 的时钟变为 { $percent } %
act-disk = { $node } 的 fsync 耗时变为 { $percent } %
act-wipe = 清空 { $node } 的磁盘
act-cut = 断开 { $a } – { $b }
act-cut-way = 断开 { $a } → { $b }
act-heal = 恢复 { $a } – { $b }
act-partition = 分区 { $sides }
act-isolate = 隔离 { $node }
act-heal-all = 恢复网络
act-reset = 重置连接 { $a } – { $b }
act-slow-link = { $a } – { $b } 的延迟变为 { $percent } %
act-hold = 扣留 { $a } → { $b }
act-release = 放行 { $a } → { $b }
act-loss = 丢弃 { $percent } % 的数据报
act-duplication = 重复 { $percent } % 的数据报
act-latency = 延迟 { $low } 到 { $high }
act-deliver = 立即送达{ $message }
act-drop = 丢弃{ $message }
act-duplicate = 重复{ $message }
act-hold-message = 扣留{ $message }
act-fire-timer = 让 { $node } 的 { $timer } 定时器立即触发
act-end-fsync = 让 { $node } 的 fsync 立即结束
act-request = { $client }：{ $op }
act-connect = { $client } 转向 { $server }
act-dial = { $client }：程序连接到 { $server }
act-bytes = { $client }：程序发送 { $bytes } 字节
act-hang-up = { $client }：程序挂断
act-message = 从 { $from } 到 { $to } 的第 { $nth } 条消息

# Recipes.
did-queued = 以 { $znode } 进入 { $path } 的队列
did-woken = 被 { $path } 唤醒
did-acquired = 凭 { $znode } 轮到 { $path }，token { $token }
did-released = 归还 { $path }：{ $why }
did-learned = 得知 { $path }：{ $what }
did-stored = 保留 { $by } 的写入，token { $token }
did-refused-write = 拒绝 { $by } 的写入：token { $token } 比见过的旧
act-recipe = { $client } { $recipe }
