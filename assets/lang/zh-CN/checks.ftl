### 检查：必须成立的性质，以及目前的状态

check-leadership = 领导权唯一
    .tip = 每个 epoch 自始至终至多有一个 leader
check-prefix-consistency = 前缀一致
    .tip = 任意两台服务器交付的内容，在两者都到达的范围内相同
check-integrity = 完整性
    .tip = 服务器应用的任何事务都由某个 leader 提议过，且内容相同
check-agreement = 一致性
    .tip = 任意两台服务器中，总有一台交付了另一台交付的全部内容
check-total-order = 全序
    .tip = 若某台服务器先交付 a 后交付 b，则每台交付 b 的服务器都更早交付了 a
check-local-primary-order = 局部主序
    .tip = 同一 leader 在一个 epoch 中提议的事务，按提议顺序无间断地交付
check-global-primary-order = 全局主序
    .tip = 没有服务器在交付较晚 epoch 的事务之后再交付较早 epoch 的事务
check-primary-integrity = 主完整性
    .tip = 开始提议的 leader 已交付任何服务器在更早 epoch 中交付的全部事务
check-no-acked-write-lost = 已确认的写不丢失
    .tip = 客户端得到 OK 的写，存在于之后每个 leader 的历史以及每台已到达该处的服务器上
check-epoch-order = epoch 有序
    .tip = 服务器的 currentEpoch 从不超过 acceptedEpoch，且两者从不后退
check-tree-equality = 数据树相同
    .tip = 最后应用的事务相同的服务器，数据树也相同
check-session-order = 会话有序
    .tip = 客户端会话从不看到比之前更旧的状态
check-one-holder = 唯一持有者
    .tip = 轮到的客户端在服务端的队列里排在第一
check-one-believer = 唯一自认持有者
    .tip = 最多一个客户端认为自己持有锁或担任 leader；没有服务能保证这一点
check-fairness = 先来先得
    .tip = 想要同一把锁的客户端里，等得更久的先得到
check-no-lost-wake-up = 不丢唤醒
    .tip = 没有客户端一直等待已经消失的 znode
check-fenced-writes = 写入隔离
    .tip = 受锁保护的存储，收下后继者的写入之后，不再收下前任的写入
check-liveness = 活性
    .tip = 故障停止且多数派健康之后，会出现 leader 并且有写操作被提交
check-decided-agreement = 一致性
    .tip = 没有两个节点做出不同的决定
check-stability = 稳定性
    .tip = 已做出决定的节点不会改变决定，崩溃之后也不会
check-unanimity = 一致同意
    .tip = 只有每个参与者都持久地投了赞成票，事务才会提交
check-veto = 否决权
    .tip = 有参与者投了反对票的事务不会在任何地方提交
check-majority-accepted = 多数派接受
    .tip = 只有多数派在同一 ballot 中持久地接受了某个值，它才会被学习
check-promise-kept = 信守承诺
    .tip = acceptor 不会接受或承诺低于其已承诺的最高 ballot
check-validity = 有效性
    .tip = 被决定的只能是客户端请求过的内容

page-checks = 检查
    .tip = 显示或隐藏必须成立的性质、是否成立，以及此场景的预期
checks-all-hold =
    { $count ->
       *[other] 全部 { $count } 项检查成立
    }
checks-hold =
    { $count ->
       *[other] { $count } 项检查成立
    }
check-holds = { $check } 成立
check-is-broken = { $check } 被违反
check-first-broken = 首次违反于此，{ $at }
check-first-broken-here = 首次违反于此
    .tip = 首次违反于此：点击查看该时刻
checks-more-broken = 另有 { $count } 项
lamp-holds = 成立
lamp-broken = 被违反
lamp-waits = 等待中
live-met = { $at } 有写操作被提交；最近一次故障在 { $since }
live-idle = 服务正常；自 { $since } 以来没有人请求写操作
live-waits = 自 { $since } 以来有写请求，但没有写操作被提交。各服务器在等待：
live-waits-unasked = 自 { $since } 以来没有写操作被提交。各服务器在等待：
live-since = ，自 { $at }
live-timer = ；其 { $name } 定时器在 { $at } 触发
live-down = { $server } 未运行
live-server = { $server }，{ $state }，自身没有在等待什么
live-server-waits = { $server }，{ $state }，在等待{ $what }
expectations = 此场景的预期
expected-met = 已满足
expected-so-far = 目前成立
expected-failed = 未满足
expected-not-yet = 尚未
