### 时间：时钟、时间轴、分支、事件列表，以及相关的通知

live-shut = 端口已关闭：不再有真实客户端连接
live-open = 真实客户端可以连接到 { $hosts }。时间与时钟同步流逝；时间停住时，服务器也停住
engine-unknown-branch = 引擎报告了从未开始的分支 { $branch }
engine-took-back = 引擎收回了分支 { $branch } 与其他分支共享的记录
engine-never-was = 引擎从一个从未存在的时刻开始了分支 { $branch }
branch-opened = { $new } 于 { $at } 开启：{ $name }；原来的未来保留在{ $old }上
branch-opened-live = { $new } 于 { $at } 开启：{ $name }；原来的未来保留在{ $old }上；真实客户端留在{ $old }，您在这里查看时那里的时间停住
refused = 无法{ $action }：{ $why }
stop-end = 运行已结束：回去破坏点什么，或另选一个场景
stop-idle = 有一阵没有发生任何事，时间停住了：破坏点什么，或按空格继续
stop-nothing-ahead = 接下来两分钟的集群时间里没有了：破坏点什么，或让客户端写入
speed-fast = 集群时间 { $speed } s = 1 s
speed-slow = 集群时间 1 s = { $speed } s
clock-looking = 正在寻找……
clock-going = 正在前往……
clock-answer = 正在等待应答……
clock-quiet = 正在跳过平静期
clock-playing = 播放中
clock-paused = 已暂停
clock-meaning = 运行开始以来的集群时间
clock-meaning-lanes = 所有泳道共用时钟的时间
dial-milestone-back = ⏪ 里程碑
dial-step-back = ◀ 单步
dial-pause = ⏸ 暂停
dial-play = ▶ 播放
dial-step = 单步 ▶
dial-milestone = 里程碑 ⏩
dial-speed = 速度
dial-speed-hint = 时间流逝的快慢  [+ 和 -]
scrubber-name = 运行中的时间，{ $at }
scrubber-lanes = 所有泳道的时间，{ $at }
scrubber-leader = leader
track-show = 显示{ $branch }：{ $name }
track-hint = 单击查看此分支  [B 切换到下一个]
feed-shown = 显示 { $rows } 条
feed-search = 搜索，例如 COMMIT s2
feed-search-hint = 按文字查找事件  [Ctrl F]
feed-go = 单击查看这一时刻
