<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Actions</name>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="43"/>
        <source>New problem</source>
        <translation>新题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="44"/>
        <source>Open checkpoint file…</source>
        <translation>打开检查点文件…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="45"/>
        <source>Choose a checkpoint</source>
        <translation>选择检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="46"/>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="47"/>
        <source>Solve</source>
        <translation>求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="48"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="49"/>
        <source>Answer now</source>
        <translation>立即作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="52"/>
        <source>Keep thinking</source>
        <translation>继续思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="58"/>
        <source>Start the checkpoint again</source>
        <translation>重新启动检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="62"/>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="65"/>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="72"/>
        <source>Previous token</source>
        <translation>上一个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="78"/>
        <source>Next token</source>
        <translation>下一个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="82"/>
        <source>First token</source>
        <translation>第一个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="88"/>
        <source>Last token</source>
        <translation>最后一个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="91"/>
        <source>Next surprising token</source>
        <translation>下一个意外词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="95"/>
        <source>Previous surprising token</source>
        <translation>上一个意外词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="101"/>
        <source>Jump to live</source>
        <translation>跳到最新</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="108"/>
        <source>Heat: entropy</source>
        <translation>热度：熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="115"/>
        <source>Heat: probability</source>
        <translation>热度：概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="121"/>
        <source>Heat: off</source>
        <translation>热度：关</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="125"/>
        <source>Sampling and budget</source>
        <translation>采样与预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="130"/>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="131"/>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="132"/>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="135"/>
        <source>Theme: as the system</source>
        <translation>主题：跟随系统</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="143"/>
        <source>Theme: light</source>
        <translation>主题：浅色</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="151"/>
        <source>Theme: dark</source>
        <translation>主题：深色</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="159"/>
        <source>Language: English</source>
        <translation>语言：English</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="167"/>
        <source>Language: Chinese</source>
        <translation>语言：简体中文</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="173"/>
        <source>Go to the problem</source>
        <translation>转到题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="174"/>
        <source>Go to the trace</source>
        <translation>转到轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="175"/>
        <source>Search the history</source>
        <translation>搜索历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="176"/>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="177"/>
        <source>About KimiDesk</source>
        <translation>关于 KimiDesk</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="116"/>
        <source>T {0}</source>
        <translation>温度 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="117"/>
        <source>top-p {0}</source>
        <translation>top-p {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="118"/>
        <source>budget {0} + {1}</source>
        <translation>预算 {0} + {1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="119"/>
        <source>seed {0}</source>
        <translation>种子 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="139"/>
        <source>SAMPLING AND BUDGET</source>
        <translation>采样与预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="140"/>
        <location filename="../../kimidesk/gui/solve/controls.py" line="141"/>
        <source>Random seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="191"/>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="192"/>
        <source>0 always takes the most likely token</source>
        <translation>0 表示总取最可能的词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="195"/>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="196"/>
        <source>Keep the smallest set of tokens with this mass; 1 keeps all</source>
        <translation>保留概率总和达到此值的最小词元集合；1 表示全部保留</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="199"/>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="200"/>
        <source>Keep this many tokens; 0 keeps all</source>
        <translation>保留这么多个词元；0 表示全部保留</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="203"/>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="204"/>
        <source>Drop tokens below this share of the most likely one&apos;s probability</source>
        <translation>舍去概率低于最可能词元此比例的词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="209"/>
        <source>Repetition</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="210"/>
        <source>Penalty on tokens already in the context; 1 is none</source>
        <translation>对上下文中已有词元的惩罚；1 表示无</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="213"/>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="184"/>
        <location filename="../../kimidesk/gui/solve/controls.py" line="214"/>
        <source>The same seed gives the same trace</source>
        <translation>相同的种子得到相同的轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="103"/>
        <source>{0}: “{1}” is no value it can have</source>
        <translation>{0}：“{1}”不是有效的取值</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="106"/>
        <source>Correct it, or leave the field to have the last one.</source>
        <translation>请改正，或离开该栏以恢复原值。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="217"/>
        <source>Think ≤</source>
        <translation>思考 ≤</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="218"/>
        <source>Tokens the thought may take; ∞ leaves it to the context</source>
        <translation>思考最多可用的词元数；∞ 表示由上下文决定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="221"/>
        <source>Answer ≤</source>
        <translation>回答 ≤</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="222"/>
        <source>Tokens the answer may take; ∞ leaves it to the context</source>
        <translation>回答最多可用的词元数；∞ 表示由上下文决定</translation>
    </message>
</context>
<context>
    <name>Gauge</name>
    <message>
        <location filename="../../kimidesk/gui/widgets/gauge.py" line="70"/>
        <source>{0} tokens</source>
        <translation>{0} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/gauge.py" line="71"/>
        <source>thinking {0}</source>
        <translation>思考 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/gauge.py" line="74"/>
        <source>answer {0}</source>
        <translation>回答 {0}</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="170"/>
        <source>HISTORY</source>
        <translation>历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="159"/>
        <source>No trace matches.</source>
        <translation>没有匹配的轨迹。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="172"/>
        <location filename="../../kimidesk/gui/solve/history.py" line="173"/>
        <source>Search problems and traces</source>
        <translation>搜索题目与轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="174"/>
        <source>Past traces</source>
        <translation>以往的轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="186"/>
        <source>{0} tokens</source>
        <translation>{0} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="188"/>
        <source>1 token</source>
        <translation>1 词元</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="91"/>
        <source>TOKEN</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="92"/>
        <source>WHAT COULD HAVE COME</source>
        <translation>本可出现的词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="94"/>
        <source>Point at a token to see how sure the checkpoint was. Click to keep it here, then walk with the arrow keys.</source>
        <translation>指向一个词元，看看模型当时有多确定。单击可将其固定在此处，再用方向键移动。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="100"/>
        <source>Token inspector</source>
        <translation>词元检视</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="113"/>
        <source>nats</source>
        <translation>nats</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="120"/>
        <source>no, it was forced</source>
        <translation>否，强制插入</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="122"/>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="150"/>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="151"/>
        <source>Log-probability</source>
        <translation>对数概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="152"/>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="153"/>
        <source>Rank</source>
        <translation>排名</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="154"/>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="155"/>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="156"/>
        <source>Drawn</source>
        <translation>采样得到</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/rivals.py" line="57"/>
        <source>{0} more</source>
        <translation>另外 {0} 个</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/rivals.py" line="107"/>
        <source>all other tokens</source>
        <translation>其余全部词元</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="56"/>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="57"/>
        <source>&amp;Trace</source>
        <translation>轨迹(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="58"/>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="59"/>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <location filename="../../kimidesk/gui/solve/notice.py" line="86"/>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/notice.py" line="87"/>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/notice.py" line="88"/>
        <source>Choose another…</source>
        <translation>选择其他…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/notice.py" line="89"/>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/notice.py" line="90"/>
        <source>The worker&apos;s last words</source>
        <translation>工作进程的最后输出</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="69"/>
        <source>Open a checkpoint</source>
        <translation>打开检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="70"/>
        <source>GGUF checkpoints (*.gguf);;Scripts (*.json);;All files (*)</source>
        <translation>GGUF 检查点 (*.gguf);;脚本 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="124"/>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="129"/>
        <source>Choose a checkpoint</source>
        <translation>选择检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="134"/>
        <source>Opening {0} … {1}%</source>
        <translation>正在打开 {0} … {1}%</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="138"/>
        <source>{0}: not open</source>
        <translation>{0}：未打开</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="140"/>
        <source>Checkpoint: {0}</source>
        <translation>检查点：{0}</translation>
    </message>
</context>
<context>
    <name>Problem</name>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="62"/>
        <source>PROBLEM</source>
        <translation>题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="63"/>
        <source>EXPECTED ANSWER</source>
        <translation>期望答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="65"/>
        <source>Write a problem, in words or LaTeX. Ctrl+Return solves it.</source>
        <translation>用文字或 LaTeX 写下题目，按 Ctrl+Return 求解。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="67"/>
        <source>optional: the answer is then graded</source>
        <translation>可选：填写后将自动评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="68"/>
        <source>Problem</source>
        <translation>题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="69"/>
        <source>Expected answer</source>
        <translation>期望答案</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="59"/>
        <source>Solve</source>
        <translation>求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="60"/>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="61"/>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="62"/>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
</context>
<context>
    <name>SolvePage</name>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="83"/>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="85"/>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="86"/>
        <source>Long</source>
        <translation>长</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="87"/>
        <source>Short</source>
        <translation>短</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="91"/>
        <source>Whether the checkpoint is asked to think before it answers</source>
        <translation>是否要求模型先思考再回答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="94"/>
        <source>Sampling and budget</source>
        <translation>采样与预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="95"/>
        <location filename="../../kimidesk/gui/solve/page.py" line="99"/>
        <source>Solve</source>
        <translation>求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="96"/>
        <location filename="../../kimidesk/gui/solve/page.py" line="100"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="101"/>
        <source>Problem and history</source>
        <translation>题目与历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="103"/>
        <source>The trace will appear here, token by token.</source>
        <translation>轨迹将在此逐个词元地出现。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="104"/>
        <source>Trace</source>
        <translation>轨迹</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="97"/>
        <source>{0} tokens/s</source>
        <translation>{0} 词元/秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="100"/>
        <source>first token after {0} s</source>
        <translation>首个词元 {0} 秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="102"/>
        <source>{0} at token {1}</source>
        <translation>{0}（第 {1} 个词元）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="119"/>
        <source>Answer now</source>
        <translation>立即作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="120"/>
        <source>Keep thinking</source>
        <translation>继续思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="127"/>
        <source>Heat</source>
        <translation>热度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="129"/>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="130"/>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="131"/>
        <source>Off</source>
        <translation>关</translation>
    </message>
</context>
<context>
    <name>TraceView</name>
    <message>
        <location filename="../../kimidesk/gui/widgets/live_button.py" line="32"/>
        <location filename="../../kimidesk/gui/widgets/live_button.py" line="33"/>
        <source>Jump to live</source>
        <translation>跳到最新</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/spoken.py" line="47"/>
        <source>token {0} of {1}: {2}, probability {3}, entropy {4} nats</source>
        <translation>第 {0} 个词元，共 {1} 个：{2}，概率 {3}，熵 {4} nats</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/trace_paint.py" line="69"/>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/trace_paint.py" line="71"/>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/trace_paint.py" line="74"/>
        <source>1 token</source>
        <translation>1 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/trace_paint.py" line="75"/>
        <source>{0} tokens</source>
        <translation>{0} 词元</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <location filename="../../kimidesk/gui/window.py" line="205"/>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/window.py" line="208"/>
        <source>&lt;h3&gt;KimiDesk {0}&lt;/h3&gt;&lt;p&gt;A desktop microscope for reasoning models.&lt;/p&gt;&lt;p&gt;Every probability and entropy comes from the full vocabulary of the step that drew the token; what a server tells of a part is shown as bounds. Nothing leaves this machine unless you open a server.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;KimiDesk {0}&lt;/h3&gt;&lt;p&gt;推理模型的桌面显微镜。&lt;/p&gt;&lt;p&gt;每个概率和熵都来自采样该词元那一步的完整词表；服务器只告知一部分时，显示其上下界。除非您打开服务器，否则任何内容都不会离开本机。&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/window.py" line="215"/>
        <source>About KimiDesk</source>
        <translation>关于 KimiDesk</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="21"/>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="22"/>
        <source>wrong</source>
        <translation>错误</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="23"/>
        <source>unparsed</source>
        <translation>未找到答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="24"/>
        <source>error</source>
        <translation>评分出错</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="31"/>
        <source>growing</source>
        <translation>生成中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="33"/>
        <source>answered</source>
        <translation>已回答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="34"/>
        <source>budget spent</source>
        <translation>预算用尽</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="35"/>
        <source>caught in a loop</source>
        <translation>陷入循环</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="36"/>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="37"/>
        <source>context full</source>
        <translation>上下文已满</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="38"/>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="39"/>
        <source>interrupted</source>
        <translation>被中断</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="40"/>
        <source>replayed</source>
        <translation>重放</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="47"/>
        <source>thought closed at its budget</source>
        <translation>思考达到预算，被结束</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="48"/>
        <source>thought landed softly</source>
        <translation>思考在句末软着陆</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="49"/>
        <source>asked to answer</source>
        <translation>被要求作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="50"/>
        <source>kept thinking</source>
        <translation>被要求继续思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="51"/>
        <source>repeats itself</source>
        <translation>内容重复</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="52"/>
        <source>budget left to the server</source>
        <translation>预算由服务器控制</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="53"/>
        <source>drawn as the server wills</source>
        <translation>采样由服务器决定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="61"/>
        <source>waiting for the checkpoint</source>
        <translation>等待检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="63"/>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="67"/>
        <source>grading</source>
        <translation>评分中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="69"/>
        <location filename="../../kimidesk/gui/solve/words.py" line="71"/>
        <source>thinking</source>
        <translation>思考中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="69"/>
        <location filename="../../kimidesk/gui/solve/words.py" line="71"/>
        <source>answering</source>
        <translation>回答中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="72"/>
        <source>reading the problem</source>
        <translation>读题中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="78"/>
        <source>found: {0}</source>
        <translation>找到：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="79"/>
        <source>expected: {0}</source>
        <translation>期望：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="80"/>
        <source>method: {0}</source>
        <translation>方法：{0}</translation>
    </message>
</context>
</TS>
