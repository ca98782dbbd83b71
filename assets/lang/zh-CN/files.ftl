### 文件：打开、保存、导出，以及文本形式的场景

file = 文件
    .tip = 打开和保存场景与 trace，并把运行导出给其他程序
file-recent = 最近的文件
file-recent-none = 还没有打开过文件
file-export = 导出
file-drop = 松开即可打开
file-copied = 场景已复制到剪贴板，手工操作都已变成其中的步骤
file-saved = 已保存：{ $path }
file-trace-same = { $path } 已逐字节重放：可以继续运行、分支和修改
file-trace-differs = 当前版本重放不出这份 trace：从记录 { $record } 起结果不同。现在显示的是重新运行的结果
file-problems =
    { $count ->
       *[other] { $count } 个问题，已在文本中标出
    }

cmd-new = 新建场景
    .tip = 从一个小例子开始写场景
cmd-open = 打开…
    .tip = 打开场景、对比或保存的 trace
cmd-copy-scenario = 复制为场景
    .tip = 把这个分支复制为可重放的场景，包含所有手工操作
cmd-forget-recent = 清空列表
    .tip = 忘掉打开过的文件
save-scenario = 保存场景…
    .tip = 把这个分支保存为可重放的场景，包含所有手工操作
save-trace = 保存 trace…
    .tip = 保存这个分支上发生的一切：每行一个 JSON 对象
save-test = 保存为测试…
    .tip = 保存一个 Rust 测试：重放这个分支，并断言它所展示的结果
save-transcript = 文字记录…
    .tip = 每步一行的文本，任何编辑器都能打开
save-shiviz = ShiViz 日志…
    .tip = 带向量时钟的事件，供 ShiViz 使用
save-perfetto = Perfetto trace…
    .tip = 时间轴上的角色、步骤、fsync 和消息箭头，供 ui.perfetto.dev 和 chrome://tracing 使用
save-csv = 表格（CSV）…
    .tip = 每条记录一行，供电子表格和数据分析使用
save-svg = 集群图（SVG）…
    .tip = 此刻的集群，矢量图
save-png = 集群图（PNG）…
    .tip = 此刻的集群，位图
save-svg-logs = 日志图（SVG）…
    .tip = 此刻的各服务器日志，矢量图
save-png-logs = 日志图（PNG）…
    .tip = 此刻的各服务器日志，位图
save-mermaid = 时序图（Mermaid）…
    .tip = 时空图所示或所标记时段内的消息，供 Markdown 使用
save-svg-spacetime = 时空图（SVG）…
    .tip = 页面所示或所标记的时段，矢量图
save-png-spacetime = 时空图（PNG）…
    .tip = 页面所示或所标记的时段，位图
save-svg-sequence = 时序图（SVG）…
    .tip = 同样的消息，矢量图
save-png-sequence = 时序图（PNG）…
    .tip = 同样的消息，位图

page-scenario = 场景文本
    .tip = 显示或隐藏文本形式的场景，可阅读、修改和运行
cmd-run-text = 运行
    .tip = 按这段文本开始运行；当前的运行会丢失
cmd-save-text = 保存文本…
    .tip = 把这段文本保存为文件
cmd-show-run-text = 当前运行的文本
    .tip = 显示当前运行的文本；你写的内容会保留
cmd-restore-text = 恢复我的文本
    .tip = 显示被替换的文本，并保留现在这份
editor-fine = 可以运行
editor-problems =
    { $count ->
       *[other] { $count } 个问题
    }

dialog-all-files = 所有文件
dialog-open = 打开
dialog-save = 保存
dialog-cancel = 取消
dialog-overwrite = 覆盖
dialog-file-name = 文件名：
dialog-reload = 重新读取
dialog-places = 位置
dialog-overwrite-question = { $name } 已存在。要覆盖吗？
dialog-up = 上一级文件夹
dialog-folder = 当前文件夹；输入另一个并按回车
dialog-empty = 这里没有可打开的文件
