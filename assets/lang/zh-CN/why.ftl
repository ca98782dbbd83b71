### 为什么：因果链页面，以及可以问的问题

cmd-why = 为什么？
    .tip = 询问所选对象为何如此
why-nothing = 为什么？
why-how = 选中服务器、消息或日志单元后按 W；或点击事实旁的“?”，或右击想知道原因的地方
why-on-diagram = 在图上显示
    .tip = 在时空图上以路径显示这些步骤
why-go = 点击查看这一时刻
why-no-reason = 此刻这里没有可问的
ask-status = { $node } 为什么运行或不运行？
ask-role = { $node } 为什么是这个角色？
ask-leader = { $node } 为什么有这个 leader 或没有？
ask-vote = { $node } 为什么这样投票？
ask-phase = { $node } 为什么处于这个阶段？
ask-accepted-epoch = { $node } 为什么承诺了这个 epoch？
ask-current-epoch = { $node } 的历史为什么属于这个 epoch？
ask-cell = { $zxid } 在 { $node } 上为什么处于这个状态？
ask-slot = { $number } 在 { $node } 上为什么处于这个状态？
ask-waits = { $node } 为什么在等待？
ask-locks = { $node } 为什么持有锁？
ask-client = { $node } 为什么已连接或未连接？
ask-last-answer = { $node } 为什么得到这个应答？
ask-link = 链路 { $a } – { $b } 为什么不正常？
ask-message = 为什么发送这条消息？
ask-record = 为什么发生这件事？
