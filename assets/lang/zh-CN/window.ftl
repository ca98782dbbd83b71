### 窗口：页面、布局以及周围的文字

page-stage = 集群
    .tip = 服务器、客户端以及它们之间的消息
page-logs = 日志
    .tip = 所有服务器的日志，并排显示
page-inspector = 检查器
    .tip = 逐项显示选中的对象，以及能对它做的一切
page-events = 事件
    .tip = 显示或隐藏事件列表
page-console = 控制台
    .tip = 显示或隐藏某个客户端的 zkCli
page-tree = 数据树
    .tip = 显示或隐藏某台服务器的 znode，以及服务器之间、时刻之间的差异
page-sessions = 会话与 watch
    .tip = 显示或隐藏会话及其剩余时间，以及谁在 watch 什么

layout-ensemble = 集群
    .tip = 集群、日志、检查器和事件
layout-lecture = 讲课
    .tip = 只有集群和日志
layout-clients = 客户端
    .tip = 客户端看到的：控制台、数据树、会话与 watch
view = 视图
    .tip = 页面与布局、主题、语言和大小
layout-investigate = 排查
    .tip = 用于出错的运行：时空图、因果、检查和断点
layouts = 布局
layouts-pages = 页面
layouts-name = 这个布局的名称
cmd-recall = 采用
    .tip = 按这个名称摆放页面
cmd-keep = 保存
    .tip = 以这个名称保存当前布局
cmd-forget = 删除
    .tip = 删除这个布局

window-starting = 正在启动引擎……
palette-page = 页面：{ $name }
palette-layout = 布局：{ $name }
palette-scenario = 场景：{ $name }
palette-comparison = 对比：{ $name }
palette-hint = 输入要找的内容
palette-nothing = 没有这样的名称
hint-try = 试一试：
hint-first =
    { $servers ->
        [1] 一台服务器选举自己。先看着，或按空格暂停，再按 → 单步前进。然后破坏它：点击戴皇冠的服务器，按 K 让它崩溃
       *[other] { $servers } 台服务器正在选举 leader。先看着，或按空格暂停，再按 → 单步前进。然后破坏它：点击戴皇冠的服务器，按 K 让它崩溃
    }
