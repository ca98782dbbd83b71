### 一次运行的代价与可用性；以及用文字描述的舞台

page-cost = 代价
    .tip = 显示或隐藏各类消息数、强制落盘次数、等待时间，以及谁在何时可以服务
cost-counts = 到这一时刻为止
    .tip = 服务器和客户端发出的每条消息，以及开始的每次 fsync
cost-messages = 消息
cost-fsyncs = 服务器的 fsync
cost-bytes = 发给外部程序的字节
cost-reads = 读等待，最近 { $count } 次
cost-writes = 写等待，最近 { $count } 次
cost-waiting = 尚无应答的请求
cost-spread = 中位数 { $median }，p99 { $p99 }
cost-ribbon = 谁可以服务
    .tip = 服务器能到达 leader 且 leader 能到达过半时，写入才能通过；被隔离的 leader 还不知道写入已无法通过
cost-rates = 每秒消息数，按类型
    .tip = 集群时间的秒，到这一时刻为止；单击前往。只用来保持连接的消息由“心跳”开关显示
cost-rates-name = 各类消息每秒数量随时间的变化，最高 { $most }
cost-others = 其他全部
cost-waits = 请求用时
    .tip = 每个已应答的请求，横轴是发出时刻，纵轴是用时；单击前往
cost-waits-name = 请求用时随时间的变化：画出 { $reads } 次读和 { $writes } 次写
cost-read = 读
cost-write = 写
cost-failed = 失败

serves-writes = 可读可写
serves-reads = 只读
serves-nothing = 不服务
serves-down = 宕机
serves-part = { $node }，{ $level }；可读时间占 { $reads } %，可写时间占 { $writes } %

page-twin = 文字描述
    .tip = 显示或隐藏用文字描述的舞台：每台服务器、客户端、异常链路和消息各一行
twin-nodes = 服务器与客户端，{ $count } 个
twin-links = 不通的方向，{ $count } 个
twin-messages = 在途消息，{ $count } 条
twin-cut = { $from } → { $to } 已断开：什么都过不去
twin-held = { $from } → { $to } 被扣留：消息等到放行
twin-zxids = 最后的 zxid { $logged }，已提交至 { $committed }
twin-paused = 已暂停：输入在等待
twin-clients = 客户端：{ $clients }
twin-selected = 已选中
twin-answer = 最后的应答：{ $answer }
twin-timer = { $timer } 在 { $span } 后触发
twin-writes =
    { $count ->
       *[other] { $count } 次写入尚未落盘
    }
twin-arrives = { $message }，{ $span } 后到达
