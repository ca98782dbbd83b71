### 顶部的菜单栏、检查与帮助

live-hang-up = 挂断真实客户端
live-copy = 复制地址
    .tip = { $hosts }：单击复制，供您的客户端使用
live-connected = { $connected } 个已连接到 :{ $ports }
menu-compare = 并排比较各协议
menu-servers =
    { $servers ->
       *[other] { $servers } 台服务器
    }
menu-servers-word = 台服务器
menu-again = 重新开始这次运行
menu-group = 显示或隐藏该协议的场景
checks-all =
    { $count ->
       *[other] ✔ 全部 { $count } 项检查成立
    }
checks-some = ✔ { $count } 项检查成立
checks-broken = 首次违反于此：单击查看那一时刻
help-keys = 按键
help-in-every-lane = 在每条泳道中
help-title = 按键与图形
help-close = 关闭
help-server = 选中服务器时
help-link = 选中链路时
help-message = 选中消息时
help-client = 选中客户端时
help-shapes = 图形的含义
live-only-zab = 只有 ZAB 能为 ZooKeeper 客户端服务：请选择它的一个场景
