### 多个协议并排比较

score-decided = 已决定
    .tip = 有人决定执行的写入
score-aborted = 已中止
    .tip = 有人决定不执行、或被新 leader 丢弃的写入
score-undecided = 未决
    .tip = 已经开始、而某台运行中的服务器无法决定的写入
score-disagreement = 不一致
    .tip = 是否有两台服务器作出不同的决定
score-messages = 消息
    .tip = 第一次写入以来服务器之间的消息，不计心跳
score-forced-writes = 强制落盘
    .tip = 第一次写入以来服务器的 fsync
score-latency = 延迟
    .tip = 从写入开始到首次决定的时间中位数
score-locked-now = 现有锁
    .tip = 此刻被持有的锁
score-answers-now = 正在应答
    .tip = 是否没有客户端为写入等待超过 500 ms
track-began = { $name }，于 { $at }
track-opened = { $track } 于 { $at } 开启：{ $name }；原来的未来已保留
track-look = { $name }：单击在每条泳道中查看  [B 切换到下一个]
lanes-verbs = 在每条泳道中：
lanes-align = 对齐泳道：
lanes-align-by = 按{ $what }对齐
lanes-nth = 第 { $nth } 次写入
lanes-meet = 所有泳道在那里会合
    .tip = 查看各泳道会合的时刻
lanes-looking = 正在 { $lanes } 中寻找……
lanes-never = 在 { $lanes } 中从未发生，按时间显示
lane-not-begun = 它的运行在此时还没有开始
lane-no-other = 没有第 { $other } 台其他服务器：有 { $others } 台服务器不是领导者
lane-nobody-paused = 没有暂停的服务器
lane-broken = 无法显示这次运行
lane-later = 稍后开始
lane-checks = ✔ 检查成立
lane-checks-broken =
    { $count ->
        [0] ✖ { $name }
       *[other] ✖ { $name } 以及另外 { $count } 项
    }
