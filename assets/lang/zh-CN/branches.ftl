### 分支：名称、删除、并排比较

page-compared = 比较分支
    .tip = 显示或隐藏两个分支的并排比较：从哪里分开、此刻有何不同、请求结果如何
branch-track =
    .tip = 单击查看此分支，双击重命名，右键查看更多  [B 切换到下一个]
branch-delete = 删除分支
    .tip = 隐藏此分支以及从它分出的所有分支；Ctrl Z 可恢复
branch-undelete = 撤销删除分支
    .tip = 恢复最近删除的分支
branch-rename = 重命名分支……
    .tip = 在时间轴下方原位修改此分支的名称
branch-compare = 与当前分支比较
    .tip = 显示两个分支从哪里分开、有何不同
branch-show-equal = 也显示相同的行
    .tip = 同时列出两个分支上相同的内容
branch-name = { $branch } 的名称
branch-first-stays = 第一个分支不能删除：其他分支都由它而来
branch-live-stays = 真实客户端正在此分支或由它分出的分支上：请先断开它们
branch-nothing-to-undo = 没有删除过分支
branch-deleted =
    { $others ->
        [0] 已删除 { $branch }
        [1] 已删除 { $branch } 以及由它分出的 1 个分支
       *[other] 已删除 { $branch } 以及由它分出的 { $others } 个分支
    }
compared-one-branch = 只有一个分支。回到过去做一点改动：原来的未来会保留，两者可以在这里比较
compared-choose = 将 { $branch } 与以下分支比较：
compared-shared = 状态与应答截至 { $at }；共享 { $records } 条记录
compared-first = 每个节点的第一处差异
compared-states = 此刻的状态
compared-outcomes = 分开之后各请求的结果
compared-differ =
    { $count ->
       *[other] { $count } 处不同
    }
compared-no-difference = 目前没有差异
compared-same-states = 每个节点在两个分支上状态相同
compared-same-outcomes = 没有结果不同的请求
compared-network = 网络
compared-nothing-more = 目前这里没有
compared-not-asked = 未发出
compared-no-answer = 尚无应答
compared-jump = 点击到它所在的分支查看
field-process = 进程
field-role = 角色
field-phase = 阶段
field-leader = leader
field-accepted-epoch = acceptedEpoch
field-current-epoch = epoch
field-last-zxid = 最后写入日志的 zxid
field-durable = 已持久化到
field-committed = 已提交到
field-tree = 数据树（摘要）
field-znodes = znode 数
field-sessions = 会话数
field-learners = learner
field-waits = 正在等待
field-items = 条目
field-values = 值
field-locked = 已加锁的路径
field-connection = 连接
field-session = 会话
field-seen = 见过的最后 zxid
field-unanswered = 未应答的请求
