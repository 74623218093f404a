<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Actions</name>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="49"/>
        <source>New problem</source>
        <translation>新题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="50"/>
        <source>Open checkpoint file…</source>
        <translation>打开检查点文件…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="53"/>
        <source>Open checkpoint folder…</source>
        <translation>打开检查点文件夹…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="58"/>
        <source>Open with options…</source>
        <translation>按选项打开…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="60"/>
        <source>Choose a checkpoint</source>
        <translation>选择检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="61"/>
        <source>Add pictures…</source>
        <translation>添加图片…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="63"/>
        <source>Paste a picture</source>
        <translation>粘贴图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="73"/>
        <source>Remove the picture</source>
        <translation>移除图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="78"/>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="79"/>
        <source>Solve</source>
        <translation>求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="80"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="81"/>
        <source>Answer now</source>
        <translation>立即作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="84"/>
        <source>Keep thinking</source>
        <translation>继续思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="90"/>
        <source>Start the checkpoint again</source>
        <translation>重新启动检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="110"/>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="118"/>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="126"/>
        <source>Copy as LaTeX</source>
        <translation>复制为 LaTeX</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="133"/>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="140"/>
        <source>Previous token</source>
        <translation>上一个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="147"/>
        <source>Next token</source>
        <translation>下一个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="154"/>
        <source>First token</source>
        <translation>第一个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="160"/>
        <source>Last token</source>
        <translation>最后一个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="162"/>
        <source>Find in the trace</source>
        <translation>在轨迹中查找</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="163"/>
        <source>Next hit</source>
        <translation>下一处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="164"/>
        <source>Previous hit</source>
        <translation>上一处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="165"/>
        <source>Go to token…</source>
        <translation>转到词元…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="167"/>
        <source>Next surprising token</source>
        <translation>下一个意外词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="171"/>
        <source>Previous surprising token</source>
        <translation>上一个意外词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="189"/>
        <source>Next note</source>
        <translation>下一条注记</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="190"/>
        <source>Previous note</source>
        <translation>上一条注记</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="207"/>
        <source>Next segment</source>
        <translation>下一个片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="215"/>
        <source>Previous segment</source>
        <translation>上一个片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="223"/>
        <source>Select the segment</source>
        <translation>选择该片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="231"/>
        <source>Jump to live</source>
        <translation>跳到最新</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="532"/>
        <source>Label sentences</source>
        <translation>标注句子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="539"/>
        <source>Undo the label</source>
        <translation>撤销标注</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="547"/>
        <source>Redo the label</source>
        <translation>重做标注</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="555"/>
        <source>Export labels…</source>
        <translation>导出标注…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="324"/>
        <source>Compare this trace</source>
        <translation>比较此轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="67"/>
        <source>Show the picture large</source>
        <translation>放大查看图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="96"/>
        <source>Probe the answer</source>
        <translation>探测答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="103"/>
        <source>Probe while it thinks</source>
        <translation>思考时探测</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="177"/>
        <source>Next forking token</source>
        <translation>下一个分叉词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="184"/>
        <source>Previous forking token</source>
        <translation>上一个分叉词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="193"/>
        <source>How much this sentence decides</source>
        <translation>这句话起多大作用</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="200"/>
        <source>Budget laboratory…</source>
        <translation>预算实验室…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="238"/>
        <source>Tree of branches</source>
        <translation>分支树</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="245"/>
        <source>Another token here…</source>
        <translation>在此换一个词元…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="254"/>
        <source>Another text from here…</source>
        <translation>从此处改写…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="263"/>
        <source>Change this sentence…</source>
        <translation>修改这一句…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="272"/>
        <source>Insert a hint here…</source>
        <translation>在此插入提示…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="281"/>
        <source>Leave this sentence out</source>
        <translation>去掉这一句</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="290"/>
        <source>Answer now, from here</source>
        <translation>从此处立即作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="299"/>
        <source>Keep thinking, from here</source>
        <translation>从此处继续思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="308"/>
        <source>Several branches from here…</source>
        <translation>从此处生成多条分支…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="317"/>
        <source>Stop all branches</source>
        <translation>停止所有分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="330"/>
        <source>Compare the chosen traces</source>
        <translation>比较所选轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="337"/>
        <source>All traces of this problem</source>
        <translation>此题的全部轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="344"/>
        <source>Open a scored run…</source>
        <translation>打开评测结果…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="351"/>
        <source>Solve with another checkpoint…</source>
        <translation>用另一检查点求解…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="358"/>
        <source>Force the first text on the others</source>
        <translation>让其他检查点读第一条文本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="365"/>
        <source>Go to where they part</source>
        <translation>跳到分歧处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="372"/>
        <source>Remove the trace</source>
        <translation>移除轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="379"/>
        <source>Remove all traces</source>
        <translation>移除全部轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="386"/>
        <source>Export what is compared…</source>
        <translation>导出比较结果…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="393"/>
        <source>Search traces to compare</source>
        <translation>搜索要比较的轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="400"/>
        <source>Align: segments</source>
        <translation>对齐：按片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="408"/>
        <source>Align: share of the length</source>
        <translation>对齐：按长度比例</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="416"/>
        <source>Align: tokens spent</source>
        <translation>对齐：按已用词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="424"/>
        <source>Align: off</source>
        <translation>对齐：关</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="432"/>
        <source>Show: side by side</source>
        <translation>显示：并排</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="440"/>
        <source>Show: many samples</source>
        <translation>显示：多样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="448"/>
        <source>Solve page</source>
        <translation>求解页</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="455"/>
        <source>Compare page</source>
        <translation>比较页</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="462"/>
        <source>Score page</source>
        <translation>评分页</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="469"/>
        <source>New run…</source>
        <translation>新的评分…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="476"/>
        <source>Open a run…</source>
        <translation>打开一次评分…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="483"/>
        <source>Judge as right</source>
        <translation>判为正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="490"/>
        <source>Judge as wrong</source>
        <translation>判为错误</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="497"/>
        <source>Judge as the grader did</source>
        <translation>恢复评分器的判定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="504"/>
        <source>Show the sample as a trace</source>
        <translation>将该样本显示为轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="511"/>
        <source>Solve its problem once more</source>
        <translation>再次求解其题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="518"/>
        <source>Search samples</source>
        <translation>搜索样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="525"/>
        <source>Go to the samples</source>
        <translation>转到样本表</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="562"/>
        <source>Heat: entropy</source>
        <translation>热度：熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="570"/>
        <source>Heat: probability</source>
        <translation>热度：概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="578"/>
        <source>Heat: off</source>
        <translation>热度：关</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="586"/>
        <source>Formulas as source</source>
        <translation>公式显示为源码</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="593"/>
        <source>Sampling and budget</source>
        <translation>采样与预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="600"/>
        <source>How a thought ends</source>
        <translation>思考如何结束</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="605"/>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="608"/>
        <source>Track: kinds of thought</source>
        <translation>轨道：思考类型</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="617"/>
        <source>Track: entropy</source>
        <translation>轨道：熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="626"/>
        <source>Track: belief in each answer</source>
        <translation>轨道：对各答案的信念</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="635"/>
        <source>Track: budget and speed</source>
        <translation>轨道：预算与速度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="644"/>
        <source>Forking tokens</source>
        <translation>分叉词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="653"/>
        <source>Export the tracks…</source>
        <translation>导出轨道…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="660"/>
        <source>Figures of the trace</source>
        <translation>轨迹统计</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="666"/>
        <source>Collapse the segment</source>
        <translation>折叠该片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="669"/>
        <source>Expand the segment</source>
        <translation>展开该片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="673"/>
        <source>Collapse or expand every segment of its kind</source>
        <translation>折叠或展开所有同类片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="680"/>
        <source>Collapse every segment</source>
        <translation>折叠所有片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="687"/>
        <source>Expand every segment</source>
        <translation>展开所有片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="694"/>
        <source>Collapse or expand the whole thought</source>
        <translation>折叠或展开整个思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="699"/>
        <source>Outline</source>
        <translation>大纲</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="700"/>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="701"/>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="704"/>
        <source>Theme: as the system</source>
        <translation>主题：跟随系统</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="713"/>
        <source>Theme: light</source>
        <translation>主题：浅色</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="722"/>
        <source>Theme: dark</source>
        <translation>主题：深色</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="731"/>
        <source>Language: English</source>
        <translation>语言：English</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="740"/>
        <source>Language: Chinese</source>
        <translation>语言：简体中文</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="747"/>
        <source>Go to the problem</source>
        <translation>转到题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="748"/>
        <source>Go to the trace</source>
        <translation>转到轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="749"/>
        <source>Search the history</source>
        <translation>搜索历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="750"/>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/actions.py" line="751"/>
        <source>About KimiDesk</source>
        <translation>关于 KimiDesk</translation>
    </message>
</context>
<context>
    <name>Adapters</name>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="54"/>
        <source>Share of {0}</source>
        <translation>{0} 的份额</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="56"/>
        <source>1 is the adapter as it was trained, 0 is without it</source>
        <translation>1 表示适配器训练时的样子，0 表示不用它</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="58"/>
        <source>Remove {0}</source>
        <translation>移除 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="119"/>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="133"/>
        <source>Add an adapter</source>
        <translation>添加适配器</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="121"/>
        <source>Adapters (*.gguf);;All files (*)</source>
        <translation>适配器 (*.gguf);;所有文件 (*)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="128"/>
        <source>Adapters</source>
        <translation>适配器</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="130"/>
        <source>LoRA adapters and control vectors, laid over the weights</source>
        <translation>叠加在权重上的 LoRA 适配器和控制向量</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="132"/>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="135"/>
        <source>File (GGUF)…</source>
        <translation>文件（GGUF）…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/adapter_rows.py" line="136"/>
        <source>Folder (peft)…</source>
        <translation>文件夹（peft）…</translation>
    </message>
</context>
<context>
    <name>Asked</name>
    <message>
        <location filename="../../kimidesk/gui/solve/asked.py" line="67"/>
        <source>{0} cannot read pictures: no projector is open beside it</source>
        <translation>{0} 不能读图片：没有随它打开投影器</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/asked.py" line="76"/>
        <source>Open it with its projector, open a checkpoint that can see, or remove the pictures.</source>
        <translation>请连同投影器一起打开它，或打开能看图的检查点，或移除图片。</translation>
    </message>
</context>
<context>
    <name>Belief</name>
    <message>
        <location filename="../../kimidesk/gui/belief/pacing.py" line="45"/>
        <source>{0} grows one trace at once: it is probed when the trace has ended.</source>
        <translation>{0} 一次只生成一条轨迹：轨迹结束后再探测。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/pacing.py" line="50"/>
        <source>{0} tokens/s are slow: it is probed when the trace has ended.</source>
        <translation>每秒 {0} 个词元太慢：轨迹结束后再探测。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="107"/>
        <source>&amp;While it thinks</source>
        <translation>思考时(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="108"/>
        <source>Probe while it thinks</source>
        <translation>思考时探测</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="110"/>
        <source>Ask for the answer at the end of each sentence while the trace grows, in a slot that is idle. The trace is not changed, but comes more slowly.</source>
        <translation>轨迹生成时，在每句末尾用空闲的位置询问答案。轨迹不会改变，只是来得慢一些。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="116"/>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="117"/>
        <source>Export the curve</source>
        <translation>导出曲线</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="118"/>
        <source>Save the curve as PNG, SVG or CSV</source>
        <translation>将曲线保存为 PNG、SVG 或 CSV</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="123"/>
        <source>Cost</source>
        <translation>开销</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="125"/>
        <source>Tokens of cues and answers that were evaluated, beside those of the trace; seconds by the clock, beside what the trace took</source>
        <translation>为提示语和答案计算的词元数，与轨迹的词元数相比；时钟秒数，与轨迹所用时间相比</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="131"/>
        <source>Along the trace</source>
        <translation>沿着轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="132"/>
        <source>Candidates</source>
        <translation>候选答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="133"/>
        <source>Answers along the trace</source>
        <translation>轨迹各处的答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="138"/>
        <source>Stop probing</source>
        <translation>停止探测</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="138"/>
        <source>Probe</source>
        <translation>探测</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="143"/>
        <source>Ask what it would answer if its thought ended here, at many places</source>
        <translation>在许多位置询问：如果思考在此结束，它会怎样回答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="151"/>
        <source>Belief at the end</source>
        <translation>结尾处的信念</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="153"/>
        <source>Belief after token {0}</source>
        <translation>第 {0} 个词元之后的信念</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="230"/>
        <source>Knew it</source>
        <translation>已知答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="231"/>
        <source>The first place at which the forced answer is right</source>
        <translation>强制作答首次正确的位置</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="234"/>
        <source>Settled</source>
        <translation>确定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="235"/>
        <source>The commit point: from here on every forced answer is the last one</source>
        <translation>确定点：从这里起，每次强制作答都与最后的答案相同</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="240"/>
        <source>Convergence</source>
        <translation>收敛率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="241"/>
        <source>Answer convergence ratio: the number of the sentence at which it settled, by that of all sentences (Liu and Wang, arXiv 2506.02536)</source>
        <translation>答案收敛率：确定答案时的句子序号除以句子总数（Liu 和 Wang，arXiv 2506.02536）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="248"/>
        <source>Flips</source>
        <translation>改变次数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="249"/>
        <source>How often the forced answer changes along the trace</source>
        <translation>强制作答沿轨迹改变的次数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="252"/>
        <source>Wasted tail</source>
        <translation>多余的尾部</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/panel.py" line="253"/>
        <source>Tokens after it settled: thought that changed no answer</source>
        <translation>确定之后的词元：没有改变答案的思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/room.py" line="49"/>
        <location filename="../../kimidesk/gui/belief/words.py" line="59"/>
        <source>Answer</source>
        <translation>答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/room.py" line="130"/>
        <source>There is nothing yet that could be probed.</source>
        <translation>还没有可以探测的内容。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/room.py" line="236"/>
        <source>Its server told no token ids of the prompt: replay the trace with a local checkpoint to probe it.</source>
        <translation>其服务器没有给出提示的词元编号：请用本地检查点重放此轨迹再探测。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/room.py" line="244"/>
        <source>Asking for answers: {0} places</source>
        <translation>正在询问答案：{0} 处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/room.py" line="245"/>
        <source>Judging the answers of {0} places</source>
        <translation>正在评判 {0} 处的答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/room.py" line="246"/>
        <source>Rating candidates: {0} places, {1} of this round</source>
        <translation>正在评估候选答案：{0} 处，本轮 {1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/track.py" line="64"/>
        <source>Belief in each answer along the trace</source>
        <translation>沿轨迹对每个答案的信念</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/track.py" line="99"/>
        <source>settled</source>
        <translation>确定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/track.py" line="100"/>
        <source>knew it</source>
        <translation>已知</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/track.py" line="168"/>
        <source>after token {0}</source>
        <translation>第 {0} 个词元之后</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/track.py" line="181"/>
        <source>It knew it after token {0}.</source>
        <translation>它在第 {0} 个词元之后已知答案。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/track.py" line="185"/>
        <source>It settled after token {0}; {1} tokens come after.</source>
        <translation>它在第 {0} 个词元之后确定了答案；其后还有 {1} 个词元。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/track.py" line="189"/>
        <source>It settles on no answer.</source>
        <translation>它没有确定任何答案。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/words.py" line="35"/>
        <source>{0}, and left again</source>
        <translation>{0}，后来又放弃</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/words.py" line="49"/>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/words.py" line="52"/>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/words.py" line="60"/>
        <source>Belief</source>
        <translation>信念</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/words.py" line="61"/>
        <source>Right</source>
        <translation>正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/words.py" line="75"/>
        <source>After token</source>
        <translation>词元之后</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/words.py" line="77"/>
        <source>Answer {0}</source>
        <translation>答案 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/belief/words.py" line="79"/>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
</context>
<context>
    <name>Branches</name>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/asking.py" line="64"/>
        <source>no token is chosen</source>
        <translation>尚未选定词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/asking.py" line="65"/>
        <source>Click one in the trace, or walk to it with the keys.</source>
        <translation>在轨迹中点击一个词元，或用方向键移到那里。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="96"/>
        <source>New branch</source>
        <translation>新分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="97"/>
        <source>What the branch says first</source>
        <translation>分支开头的文字</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="98"/>
        <location filename="../../kimidesk/gui/solve/branches/room.py" line="35"/>
        <source>Branches</source>
        <translation>分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="99"/>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="101"/>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="100"/>
        <source>Number of branches</source>
        <translation>分支数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="102"/>
        <source>Branch</source>
        <translation>分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="103"/>
        <source>Enter; Shift+Enter breaks the line</source>
        <translation>回车确认；Shift+回车换行</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/editor.py" line="104"/>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/making.py" line="36"/>
        <source>Instead of “{0}”, token {1}, it says:</source>
        <translation>不说“{0}”（词元 {1}），而说：</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/making.py" line="50"/>
        <source>the sentence is as it was</source>
        <translation>这一句没有改动</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/making.py" line="56"/>
        <source>The sentence, changed:</source>
        <translation>修改后的句子：</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/making.py" line="61"/>
        <source>Before token {0} it is told:</source>
        <translation>在词元 {0} 之前插入：</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/making.py" line="67"/>
        <source>Several branches before token {0}, each with a seed of its own</source>
        <translation>从词元 {0} 之前生成多条分支，各用不同的种子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/making.py" line="85"/>
        <source>token {0} stands in no sentence that has a name</source>
        <translation>词元 {0} 不在任何已命名的句子中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/making.py" line="86"/>
        <source>Choose a token of the thought.</source>
        <translation>请选择思考部分的词元。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/nodes.py" line="45"/>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/nodes.py" line="52"/>
        <source>1 token</source>
        <translation>1 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/nodes.py" line="53"/>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/nodes.py" line="65"/>
        <source>the first trace</source>
        <translation>最初的轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/nodes.py" line="66"/>
        <source>from token {0}: {1} → {2}</source>
        <translation>自词元 {0}：{1} → {2}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/nodes.py" line="72"/>
        <location filename="../../kimidesk/gui/solve/branches/outcomes.py" line="95"/>
        <source>no answer</source>
        <translation>无答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/outcomes.py" line="90"/>
        <source>{0} of {1} right: {2} % (95 % interval {3} to {4} %)</source>
        <translation>{1} 条中 {0} 条正确：{2} %（95 % 区间 {3}–{4} %）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/outcomes.py" line="102"/>
        <source>{0} other answers</source>
        <translation>另有 {0} 种答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="57"/>
        <source>BRANCHES</source>
        <translation>分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="59"/>
        <source>Choose a token of the trace, then another of its rivals, or what else to try from there: the menu of the right button has it all. What stands before is shared, and nothing is overwritten.</source>
        <translation>在轨迹中选定一个词元，再选它的另一个候选，或从那里另作尝试：右键菜单列出所有做法。之前的内容共用，任何轨迹都不会被覆盖。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="67"/>
        <source>Tree of branches</source>
        <translation>分支树</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="68"/>
        <source>Several…</source>
        <translation>多条…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="69"/>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="71"/>
        <source>Several branches from here</source>
        <translation>从此处生成多条分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="73"/>
        <source>Stop all</source>
        <translation>全部停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="74"/>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="75"/>
        <source>Stop all branches</source>
        <translation>停止所有分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="82"/>
        <source>OUTCOMES OF {0} BRANCHES FROM TOKEN {1}</source>
        <translation>自词元 {1} 的 {0} 条分支的结果</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/panel.py" line="85"/>
        <source>OUTCOMES OF ALL {0} LEAVES</source>
        <translation>全部 {0} 条末端轨迹的结果</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/room.py" line="78"/>
        <source>the first trace still grows</source>
        <translation>最初的轨迹仍在生成</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/room.py" line="79"/>
        <source>Stop it, or wait until it has ended.</source>
        <translation>请停止它，或等它结束。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/tree.py" line="86"/>
        <source>growing</source>
        <translation>生成中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/branches/tree.py" line="203"/>
        <source>seed {0}, temperature {1}</source>
        <translation>种子 {0}，温度 {1}</translation>
    </message>
</context>
<context>
    <name>Budget</name>
    <message>
        <location filename="../../kimidesk/gui/figures/budget.py" line="65"/>
        <location filename="../../kimidesk/gui/figures/budget.py" line="106"/>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/budget.py" line="66"/>
        <location filename="../../kimidesk/gui/figures/budget.py" line="107"/>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/budget.py" line="67"/>
        <source>of them thought</source>
        <translation>其中思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/budget.py" line="68"/>
        <source>tokens a second</source>
        <translation>每秒词元</translation>
    </message>
</context>
<context>
    <name>Charts</name>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="30"/>
        <location filename="../../kimidesk/gui/charts/frame.py" line="95"/>
        <source>Picture, PNG</source>
        <translation>图片，PNG</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="31"/>
        <location filename="../../kimidesk/gui/charts/frame.py" line="96"/>
        <source>Drawing, SVG</source>
        <translation>矢量图，SVG</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="32"/>
        <location filename="../../kimidesk/gui/charts/frame.py" line="97"/>
        <source>Table, CSV</source>
        <translation>表格，CSV</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="37"/>
        <source>Export the chart</source>
        <translation>导出图表</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="60"/>
        <source>{0} ends in none of .png, .svg and .csv</source>
        <translation>{0} 的扩展名不是 .png、.svg 或 .csv</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="61"/>
        <source>The ending says what the file is to be.</source>
        <translation>扩展名决定文件的种类。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="86"/>
        <source>The chart was not saved</source>
        <translation>图表没有保存</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="150"/>
        <source>{0} cannot be written</source>
        <translation>无法写入 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/exporting.py" line="152"/>
        <source>Choose another folder.</source>
        <translation>请选择其他文件夹。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/frame.py" line="87"/>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/frame.py" line="89"/>
        <source>Show as a table</source>
        <translation>显示为表格</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/frame.py" line="90"/>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/frame.py" line="93"/>
        <source>Save or copy this chart</source>
        <translation>保存或复制此图表</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/charts/frame.py" line="98"/>
        <source>Copy the table</source>
        <translation>复制表格</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <location filename="../../kimidesk/gui/compare/column.py" line="99"/>
        <source>Trace {0}</source>
        <translation>轨迹 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/column.py" line="100"/>
        <source>Text of trace {0}</source>
        <translation>轨迹 {0} 的文本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/column.py" line="101"/>
        <source>Remove trace {0}</source>
        <translation>移除轨迹 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/columns.py" line="38"/>
        <source>Curves and figures</source>
        <translation>曲线与数值</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/columns.py" line="90"/>
        <source>Choose two to four traces on the left and press Compare, or drag them here.
The first one is the one that the others are held against.</source>
        <translation>在左侧选择两到四条轨迹并按“比较”，或拖到这里。
其他轨迹以第一条为准。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="88"/>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="89"/>
        <source>Belief</source>
        <translation>信念</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="90"/>
        <source>Apart from A</source>
        <translation>与 A 的差距</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="140"/>
        <source>{0} tokens</source>
        <translation>{0} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="143"/>
        <source>share of each trace, %</source>
        <translation>各轨迹的进度，%</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="144"/>
        <source>tokens of A; others by segment</source>
        <translation>A 的词元；其他按片段对齐</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="145"/>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="146"/>
        <source>entropy, nats (means over {0})</source>
        <translation>熵，奈特（每 {0} 平均）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="147"/>
        <source>P(gold)</source>
        <translation>P(正确答案)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="155"/>
        <source>KL from A over A&apos;s text, nats (at least)</source>
        <translation>在 A 的文本上与 A 的 KL，奈特（至少）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/curves.py" line="156"/>
        <source>A&apos;s text: how much likelier to A, nats a character</source>
        <translation>A 的文本：在 A 看来更可能多少，奈特/字符</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="21"/>
        <source>Trace</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="22"/>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="23"/>
        <source>Thought (tokens)</source>
        <translation>思考（词元）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="24"/>
        <source>Answer (tokens)</source>
        <translation>回答（词元）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="25"/>
        <location filename="../../kimidesk/gui/compare/room.py" line="149"/>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="26"/>
        <location filename="../../kimidesk/gui/compare/room.py" line="131"/>
        <location filename="../../kimidesk/gui/compare/room.py" line="148"/>
        <source>Answer</source>
        <translation>作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="27"/>
        <source>Ended</source>
        <translation>结束</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="28"/>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="29"/>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="30"/>
        <source>Tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="31"/>
        <source>Mean entropy (nats)</source>
        <translation>平均熵（奈特）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="32"/>
        <source>Mean confidence (nats)</source>
        <translation>平均置信度（奈特）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="33"/>
        <source>In common with A (tokens)</source>
        <translation>与 A 相同（词元）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="34"/>
        <source>KL from A on A&apos;s text (mean nats a token, at least)</source>
        <translation>在 A 的文本上与 A 的 KL（每词元平均奈特，至少）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="35"/>
        <source>A&apos;s text likelier to A (nats a character)</source>
        <translation>A 的文本在 A 看来更可能的程度（奈特/字符）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="101"/>
        <source>thought {0} · answer {1} tokens</source>
        <translation>思考 {0} · 回答 {1} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="106"/>
        <source>answer {0} tokens</source>
        <translation>回答 {0} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="108"/>
        <source>says {0}</source>
        <translation>答 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="110"/>
        <location filename="../../kimidesk/gui/compare/samples.py" line="128"/>
        <source>seed {0}</source>
        <translation>种子 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="112"/>
        <source>{0} tokens/s</source>
        <translation>{0} 词元/秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="119"/>
        <source>A&apos;s text: likelier to A by {0} nats a character</source>
        <translation>A 的文本：在 A 看来更可能 {0} 奈特/字符</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="121"/>
        <source>A&apos;s text: KL ≥ {0} nats a token, likeliest the same at {1} %</source>
        <translation>A 的文本：KL ≥ {0} 奈特/词元，{1} % 处最可能词元相同</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="129"/>
        <source>the others are held against it</source>
        <translation>其他轨迹以它为准</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="130"/>
        <source>the others are held against it; its first {0} tokens are common</source>
        <translation>其他轨迹以它为准；前 {0} 个词元相同</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="135"/>
        <source>parts from A at the first token</source>
        <translation>从第一个词元起就与 A 不同</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="137"/>
        <source>{0} tokens as in A, then another one</source>
        <translation>前 {0} 个词元与 A 相同，之后不同</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/figures.py" line="139"/>
        <source>{0} characters as in A (another vocabulary)</source>
        <translation>前 {0} 个字符与 A 相同（词表不同）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="63"/>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="64"/>
        <source>The chosen traces</source>
        <translation>所选轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="65"/>
        <source>All of the problem</source>
        <translation>此题全部</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="66"/>
        <source>Every trace of the problem of the chosen one, as ribbons</source>
        <translation>所选轨迹之题的全部轨迹，以色带显示</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="68"/>
        <source>A scored run…</source>
        <translation>评测结果…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="69"/>
        <source>The samples in a folder that `score` made, as ribbons</source>
        <translation>`score` 所建文件夹中的样本，以色带显示</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="71"/>
        <source>Force A&apos;s text</source>
        <translation>代入 A 的文本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="72"/>
        <source>Let the other checkpoints read A&apos;s text: how far does each token part them?</source>
        <translation>让其他检查点读 A 的文本：每个词元上相差多远？</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="76"/>
        <source>Solve with…</source>
        <translation>另用…求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="77"/>
        <source>Put A&apos;s problem to another checkpoint and compare</source>
        <translation>把 A 的题交给另一检查点并比较</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="79"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="84"/>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="86"/>
        <location filename="../../kimidesk/gui/compare/room.py" line="111"/>
        <source>Side by side</source>
        <translation>并排</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="87"/>
        <source>Many samples</source>
        <translation>多样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="91"/>
        <source>Align</source>
        <translation>对齐</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="93"/>
        <source>Segments</source>
        <translation>片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="94"/>
        <source>Share</source>
        <translation>比例</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="95"/>
        <location filename="../../kimidesk/gui/compare/room.py" line="150"/>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="96"/>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/page.py" line="100"/>
        <source>Which places belong together: what says the like, equal shares of the lengths, or as many tokens of the budget spent</source>
        <translation>哪些位置相对应：内容相近处、长度的相同比例处，或用去同样多词元处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/presenter.py" line="79"/>
        <source>four traces are compared already</source>
        <translation>已在比较四条轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/presenter.py" line="80"/>
        <source>Remove one of them first.</source>
        <translation>请先移除其中一条。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/presenter.py" line="124"/>
        <source>Open a scored run</source>
        <translation>打开评测结果</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/presenter.py" line="279"/>
        <source>the run holds no finished sample yet</source>
        <translation>评测中尚无完成的样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/ribbons.py" line="164"/>
        <source>{0}: answer {1}, {2}, {3} tokens</source>
        <translation>{0}：答案 {1}，{2}，{3} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/ribbons.py" line="192"/>
        <source>no answer</source>
        <translation>无答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/ribbons.py" line="202"/>
        <source>{0} of {1}</source>
        <translation>{1} 中的 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/ribbons.py" line="267"/>
        <source>length</source>
        <translation>长度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/ribbons.py" line="268"/>
        <source>lone answer</source>
        <translation>孤立答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/ribbons.py" line="269"/>
        <source>confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="63"/>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="100"/>
        <source>Problem of the run</source>
        <translation>评测中的题</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="103"/>
        <location filename="../../kimidesk/gui/compare/room.py" line="131"/>
        <source>Votes</source>
        <translation>票数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="104"/>
        <source>Text of the chosen sample</source>
        <translation>所选样本的文本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="105"/>
        <source>The text of the chosen sample.</source>
        <translation>所选样本的文本。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="106"/>
        <source>VOTES</source>
        <translation>投票</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="107"/>
        <source>CHOSEN SAMPLE</source>
        <translation>所选样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="108"/>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="109"/>
        <source>Show this trace on the Solve page</source>
        <translation>在求解页显示此轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="147"/>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="152"/>
        <source>Unlike the others in</source>
        <translation>异于其他之处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="170"/>
        <source>Choose a trace and press “All of the problem”, or a run.</source>
        <translation>选择一条轨迹并按“此题全部”，或打开评测结果。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="172"/>
        <source>{0} samples</source>
        <translation>{0} 个样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="174"/>
        <source>entropy of the answers {0} bits</source>
        <translation>答案的熵 {0} 比特</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="177"/>
        <source>{0} to come</source>
        <translation>还有 {0} 个</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="246"/>
        <source>Majority</source>
        <translation>多数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="247"/>
        <source>Mean confidence</source>
        <translation>平均置信度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="248"/>
        <source>Lowest group</source>
        <translation>最低组</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="249"/>
        <source>Lowest tenth</source>
        <translation>最低十分之一</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="250"/>
        <source>Tail</source>
        <translation>末段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/room.py" line="251"/>
        <source>Mean probability</source>
        <translation>平均概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/samples.py" line="129"/>
        <source>sample {0}</source>
        <translation>样本 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/working.py" line="83"/>
        <source>A still grows</source>
        <translation>A 仍在增长</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/working.py" line="84"/>
        <source>Wait until it has ended.</source>
        <translation>请等它结束。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/working.py" line="94"/>
        <source>all traces are of one checkpoint</source>
        <translation>所有轨迹出自同一检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/working.py" line="95"/>
        <source>It thinks of A&apos;s text what A&apos;s own numbers say.</source>
        <translation>它对 A 的文本的看法就是 A 自己的数值。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/working.py" line="115"/>
        <source>{0} cannot see the pictures of the problem</source>
        <translation>{0} 看不到题中的图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/working.py" line="190"/>
        <source>opening {0} … {1} %</source>
        <translation>正在打开 {0} … {1} %</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/working.py" line="210"/>
        <source>{0} solves: {1} tokens</source>
        <translation>{0} 求解中：{1} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/compare/working.py" line="214"/>
        <source>{0} reads A&apos;s text: {1} of {2} tokens</source>
        <translation>{0} 读 A 的文本：{2} 个词元中的 {1} 个</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="120"/>
        <source>T {0}</source>
        <translation>温度 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="121"/>
        <source>top-p {0}</source>
        <translation>top-p {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="122"/>
        <source>budget {0} + {1}</source>
        <translation>预算 {0} + {1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="123"/>
        <source>seed {0}</source>
        <translation>种子 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="144"/>
        <source>SAMPLING AND BUDGET</source>
        <translation>采样与预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="145"/>
        <location filename="../../kimidesk/gui/solve/controls.py" line="146"/>
        <source>Random seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="198"/>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="199"/>
        <source>0 always takes the most likely token</source>
        <translation>0 表示总取最可能的词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="202"/>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="203"/>
        <source>Keep the smallest set of tokens with this mass; 1 keeps all</source>
        <translation>保留概率总和达到此值的最小词元集合；1 表示全部保留</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="206"/>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="207"/>
        <source>Keep this many tokens; 0 keeps all</source>
        <translation>保留这么多个词元；0 表示全部保留</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="210"/>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="211"/>
        <source>Drop tokens below this share of the most likely one&apos;s probability</source>
        <translation>舍去概率低于最可能词元此比例的词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="216"/>
        <source>Repetition</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="217"/>
        <source>Penalty on tokens already in the context; 1 is none</source>
        <translation>对上下文中已有词元的惩罚；1 表示无</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="220"/>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="191"/>
        <location filename="../../kimidesk/gui/solve/controls.py" line="221"/>
        <source>The same seed gives the same trace</source>
        <translation>相同的种子得到相同的轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="109"/>
        <source>{0}: “{1}” is no value it can have</source>
        <translation>{0}：“{1}”不是有效的取值</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="110"/>
        <source>Correct it, or leave the field to have the last one.</source>
        <translation>请改正，或离开该栏以恢复原值。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="224"/>
        <source>Think ≤</source>
        <translation>思考 ≤</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="225"/>
        <source>Tokens the thought may take; ∞ leaves it to the context</source>
        <translation>思考最多可用的词元数；∞ 表示由上下文决定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="228"/>
        <source>Answer ≤</source>
        <translation>回答 ≤</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/controls.py" line="229"/>
        <source>Tokens the answer may take; ∞ leaves it to the context</source>
        <translation>回答最多可用的词元数；∞ 表示由上下文决定</translation>
    </message>
</context>
<context>
    <name>Driver</name>
    <message>
        <location filename="../../kimidesk/gui/solve/driver.py" line="163"/>
        <source>{0} is needed for this, and {1} is at work</source>
        <translation>这需要 {0}，而 {1} 正在运行</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/driver.py" line="166"/>
        <source>Stop it, or wait until it has ended.</source>
        <translation>请先停止它，或等它结束。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/driver.py" line="170"/>
        <source>{0} holds another checkpoint now than the one that wrote this trace</source>
        <translation>{0} 现在是另一个检查点，并非写下此轨迹的那个</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/driver.py" line="173"/>
        <source>Its token ids may mean other words.</source>
        <translation>它的词元编号可能指别的词。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/driver.py" line="266"/>
        <source>A fresh worker draws its tokens again and goes on.</source>
        <translation>新的工作进程会重新生成这些词元，然后继续。</translation>
    </message>
</context>
<context>
    <name>Efficiency</name>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="68"/>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="68"/>
        <source>wrong</source>
        <translation>错误</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="70"/>
        <source>median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="71"/>
        <source>least</source>
        <translation>最小</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="72"/>
        <source>most</source>
        <translation>最大</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="73"/>
        <source>traces</source>
        <translation>轨迹数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="75"/>
        <source>figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="75"/>
        <source>this trace</source>
        <translation>本轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="88"/>
        <source>right others</source>
        <translation>其他正确轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="89"/>
        <source>wrong others</source>
        <translation>其他错误轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/efficiency.py" line="93"/>
        <source>{0}: median {1}, {2} … {3}, of {4}</source>
        <translation>{0}：中位数 {1}，{2} … {3}，共 {4} 条</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="34"/>
        <source>EFFICIENCY</source>
        <translation>效率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="35"/>
        <source>KINDS</source>
        <translation>类型</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="36"/>
        <source>TRANSITIONS</source>
        <translation>转移</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="37"/>
        <source>STAGES</source>
        <translation>阶段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="38"/>
        <source>BUDGET</source>
        <translation>预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="72"/>
        <source>Figures of the trace</source>
        <translation>轨迹统计</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="74"/>
        <source>What a trace amounts to is told here once there is one.</source>
        <translation>有了轨迹之后，这里会给出它的统计。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="77"/>
        <source>Figure by kind</source>
        <translation>按类型的指标</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="79"/>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="80"/>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="81"/>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="82"/>
        <source>Forks</source>
        <translation>分叉</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="86"/>
        <source>How many tokens each kind has</source>
        <translation>每种类型有多少词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="87"/>
        <source>How long the tokens of each kind took</source>
        <translation>每种类型的词元用了多长时间</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="88"/>
        <source>Mean entropy of the drawn tokens, in nats</source>
        <translation>采样词元的平均熵，单位为纳特</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="91"/>
        <source>Which share of the drawn tokens forks: is among the 20 % of highest entropy of the trace (Wang et al., arXiv 2506.01939)</source>
        <translation>采样词元中分叉者所占比例：即熵居本轨迹最高 20 % 的词元（Wang 等，arXiv 2506.01939）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="106"/>
        <source>Efficiencies are told when the trace has ended.</source>
        <translation>轨迹结束后给出效率。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="108"/>
        <source>Still to be analysed: {0}</source>
        <translation>待分析：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="111"/>
        <source>The desk has no other judged trace of this problem.</source>
        <translation>没有此题其他已评判的轨迹。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/panel.py" line="112"/>
        <source>◆ this trace; ━ {0} right and ┅ {1} wrong other traces of this problem</source>
        <translation>◆ 本轨迹；━ 此题其他 {0} 条正确、┅ {1} 条错误轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="52"/>
        <source>Figures</source>
        <translation>统计</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="152"/>
        <source>{0} sentences, {1} tokens ({2}), {3} s</source>
        <translation>{0} 句，{1} 个词元（{2}），{3} 秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="158"/>
        <source>mean entropy {0} nats, {1} of its tokens fork</source>
        <translation>平均熵 {0} 纳特，{1} 的词元分叉</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="171"/>
        <source>tokens {0} … {1}, {2} of the thought</source>
        <translation>词元 {0} … {1}，占思考的 {2}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="186"/>
        <source>stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="187"/>
        <source>first token</source>
        <translation>首个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="188"/>
        <source>last token</source>
        <translation>末个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="189"/>
        <location filename="../../kimidesk/gui/figures/room.py" line="249"/>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="190"/>
        <location filename="../../kimidesk/gui/figures/room.py" line="250"/>
        <source>share</source>
        <translation>占比</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="247"/>
        <source>kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="248"/>
        <source>sentences</source>
        <translation>句数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="251"/>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="252"/>
        <source>mean entropy, nats</source>
        <translation>平均熵，纳特</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/room.py" line="253"/>
        <source>share that forks</source>
        <translation>分叉占比</translation>
    </message>
</context>
<context>
    <name>FileField</name>
    <message>
        <location filename="../../kimidesk/gui/widgets/file_field.py" line="46"/>
        <source>{0}: choose a file</source>
        <translation>{0}：选择文件</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <location filename="../../kimidesk/gui/widgets/find_bar.py" line="90"/>
        <source>Find in the trace</source>
        <translation>在轨迹中查找</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/find_bar.py" line="91"/>
        <source>Previous hit</source>
        <translation>上一处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/find_bar.py" line="92"/>
        <source>Next hit</source>
        <translation>下一处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/find_bar.py" line="93"/>
        <source>Close the search</source>
        <translation>关闭查找</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/find_bar.py" line="98"/>
        <source>Find words, or # and a token&apos;s number</source>
        <translation>查找文字，或输入 # 和词元编号</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/find_bar.py" line="119"/>
        <source>1 … {0}</source>
        <translation>1 … {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/find_bar.py" line="123"/>
        <source>{0} of {1}</source>
        <translation>第 {0} 处，共 {1} 处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/find_bar.py" line="126"/>
        <source>{0} found</source>
        <translation>找到 {0} 处</translation>
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
        <location filename="../../kimidesk/gui/solve/history.py" line="204"/>
        <source>HISTORY</source>
        <translation>历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="193"/>
        <source>No trace matches.</source>
        <translation>没有匹配的轨迹。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="77"/>
        <source>branch</source>
        <translation>分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="206"/>
        <location filename="../../kimidesk/gui/solve/history.py" line="207"/>
        <source>Search problems and traces</source>
        <translation>搜索题目与轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="208"/>
        <source>Past traces</source>
        <translation>以往的轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="220"/>
        <source>{0} tokens</source>
        <translation>{0} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/history.py" line="222"/>
        <source>1 token</source>
        <translation>1 词元</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="98"/>
        <source>TOKEN</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="99"/>
        <source>WHAT COULD HAVE COME</source>
        <translation>本可出现的词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="101"/>
        <source>Point at a token to see how sure the checkpoint was. Click to keep it here, then walk with the arrow keys.</source>
        <translation>指向一个词元，看看模型当时有多确定。单击可将其固定在此处，再用方向键移动。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="107"/>
        <source>Token inspector</source>
        <translation>词元检视</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="120"/>
        <source>nats</source>
        <translation>nats</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="127"/>
        <source>no, it was forced</source>
        <translation>否，强制插入</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="129"/>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="160"/>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="161"/>
        <source>Log-probability</source>
        <translation>对数概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="162"/>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="163"/>
        <source>Rank</source>
        <translation>排名</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="164"/>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="165"/>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/inspector.py" line="166"/>
        <source>Drawn</source>
        <translation>采样得到</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/rivals.py" line="62"/>
        <source>{0} more</source>
        <translation>另外 {0} 个</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/rivals.py" line="105"/>
        <source>What could have come</source>
        <translation>本可出现的词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/rivals.py" line="204"/>
        <source>all other tokens</source>
        <translation>其余全部词元</translation>
    </message>
</context>
<context>
    <name>Kinds</name>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="65"/>
        <source>Restate</source>
        <translation>复述</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="66"/>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="67"/>
        <source>Recall</source>
        <translation>回忆</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="68"/>
        <source>Derive</source>
        <translation>推导</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="69"/>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="70"/>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="71"/>
        <source>Backtrack</source>
        <translation>回溯</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="72"/>
        <source>Uncertain</source>
        <translation>存疑</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="73"/>
        <source>Conclude</source>
        <translation>归纳</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="74"/>
        <source>Answer</source>
        <translation>答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="81"/>
        <source>Reads the question again, or lists what is given</source>
        <translation>重读题目，或列出已知条件</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="82"/>
        <source>Says what will be done next; no result</source>
        <translation>说明接下来要做什么；尚无结果</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="83"/>
        <source>Brings knowledge from outside: a theorem, a formula</source>
        <translation>引入题外的知识：定理、公式</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="84"/>
        <source>Infers or computes from what is there already</source>
        <translation>从已有内容推断或计算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="85"/>
        <source>Assumes, tries a case or an example</source>
        <translation>作假设，试一种情形或一个例子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="86"/>
        <source>Checks an earlier step or answer</source>
        <translation>检查前面的步骤或答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="87"/>
        <source>Admits an error, or takes another way</source>
        <translation>承认错误，或换一条路</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="88"/>
        <source>Doubts, without a check that has begun</source>
        <translation>怀疑，但尚未开始检查</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="89"/>
        <source>Gathers: a result on the way, a summary</source>
        <translation>汇总：中间结果或小结</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/kinds.py" line="90"/>
        <source>Gives the final answer</source>
        <translation>给出最终答案</translation>
    </message>
</context>
<context>
    <name>Lab</name>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="37"/>
        <source>after the sentence</source>
        <translation>从这句话之后</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="39"/>
        <source>Where it leads when the sentence stands</source>
        <translation>保留这句话时通向何处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="44"/>
        <source>Said instead</source>
        <translation>换成的说法</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="45"/>
        <location filename="../../kimidesk/gui/lab/curve.py" line="164"/>
        <location filename="../../kimidesk/gui/lab/runs.py" line="59"/>
        <source>Right</source>
        <translation>正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="46"/>
        <source>What was said instead, and where it leads</source>
        <translation>换成的说法及其结果</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="47"/>
        <location filename="../../kimidesk/gui/lab/runs.py" line="65"/>
        <source>Columns</source>
        <translation>各列</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="51"/>
        <source>the same: {0}</source>
        <translation>相同：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="53"/>
        <source>leads to {0}</source>
        <translation>通向 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="54"/>
        <source>likeness to the sentence {0}</source>
        <translation>与原句的相似度 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="70"/>
        <location filename="../../kimidesk/gui/lab/runs.py" line="89"/>
        <location filename="../../kimidesk/gui/lab/words.py" line="42"/>
        <source>(none)</source>
        <translation>（无）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/alternatives.py" line="73"/>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="106"/>
        <source>As the trace answered, share</source>
        <translation>与轨迹答案一致的比例</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="107"/>
        <source>Right answers, share</source>
        <translation>正确答案的比例</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="48"/>
        <location filename="../../kimidesk/gui/lab/curve.py" line="163"/>
        <location filename="../../kimidesk/gui/lab/runs.py" line="58"/>
        <source>Thinking, tokens</source>
        <translation>思考词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="152"/>
        <source>{0}, budget {1}: {2} tokens of thought, right {3}</source>
        <translation>{0}，预算 {1}：思考 {2} 个词元，正确 {3}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="161"/>
        <location filename="../../kimidesk/gui/lab/runs.py" line="55"/>
        <source>Way</source>
        <translation>方式</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="162"/>
        <location filename="../../kimidesk/gui/lab/runs.py" line="56"/>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="165"/>
        <source>Runs</source>
        <translation>次数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="166"/>
        <source>Share</source>
        <translation>比例</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="167"/>
        <source>95 % from</source>
        <translation>95 % 下限</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/curve.py" line="168"/>
        <source>to</source>
        <translation>上限</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="33"/>
        <source>RIGHT ANSWERS BY TOKENS OF THOUGHT</source>
        <translation>正确率随思考词元的变化</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="71"/>
        <source>Budget laboratory</source>
        <translation>预算实验室</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="72"/>
        <source>Control, scaling and performance</source>
        <translation>控制、扩展与表现</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="74"/>
        <source>As s1 defines them (arXiv 2501.19393): control is the share of runs that kept to their budget, scaling the mean slope over all pairs of budgets, performance the best share.</source>
        <translation>按 s1 的定义（arXiv 2501.19393）：控制是守住预算的次数比例，扩展是所有预算对的平均斜率，表现是最高的正确率。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="88"/>
        <source>No answer is expected and the trace has none.</source>
        <translation>没有预期答案，轨迹也没有给出答案。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="90"/>
        <source>Right means {0}, as the trace answered: none is expected.</source>
        <translation>“正确”指 {0}，即轨迹自己的答案：没有预期答案。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="92"/>
        <source>Right means {0}.</source>
        <translation>“正确”指 {0}。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="134"/>
        <source>control {0} %</source>
        <translation>控制 {0} %</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="137"/>
        <source>scaling {0} points per 1,000 tokens</source>
        <translation>扩展 每 1,000 词元 {0} 个百分点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/dialog.py" line="140"/>
        <source>performance {0} %</source>
        <translation>表现 {0} %</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="33"/>
        <source>“{0}” is no number of tokens</source>
        <translation>“{0}”不是词元数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="34"/>
        <source>Write budgets like 0, 64, 128, 256.</source>
        <translation>请这样写预算：0, 64, 128, 256。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="88"/>
        <source>{0}: “{1}” is no value it can have</source>
        <translation>{0}：不能取值“{1}”</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="92"/>
        <source>Choose a way to set the budget.</source>
        <translation>请选择一种设定预算的方式。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="95"/>
        <source>Name budgets, such as 0, 64, 128, 256.</source>
        <translation>请给出预算，例如 0, 64, 128, 256。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="106"/>
        <source>The thought is shorter: not cut at {0}</source>
        <translation>思考更短：不在 {0} 处截断</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="109"/>
        <source>Nothing is to be drawn; some answers are judged again.</source>
        <translation>无需生成；部分答案将重新评分。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="125"/>
        <source>{0} of {1} runs, {2} tokens</source>
        <translation>{1} 次中的 {0} 次，{2} 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="137"/>
        <source>BUDGETS</source>
        <translation>预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="138"/>
        <source>WAYS TO SET THEM</source>
        <translation>设定方式</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="139"/>
        <source>BILL</source>
        <translation>开销</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="141"/>
        <source>&amp;Tokens</source>
        <translation>词元(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="141"/>
        <source>Tokens of thought</source>
        <translation>思考的词元数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="142"/>
        <source>&amp;Seeds</source>
        <translation>种子(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="142"/>
        <source>Runs of each way and budget</source>
        <translation>每种方式、每个预算的次数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="144"/>
        <source>&amp;Waits</source>
        <translation>等待(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="145"/>
        <source>How often the thought is made to go on, at most</source>
        <translation>最多让思考继续多少次</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="150"/>
        <source>&amp;Cut the thought</source>
        <translation>截断思考(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="151"/>
        <source>“W&amp;ait” instead of its end</source>
        <translation>以“Wait”代替结束(&amp;A)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="152"/>
        <source>&amp;No thinking</source>
        <translation>不思考(&amp;N)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="153"/>
        <source>Think a&amp;fresh</source>
        <translation>重新思考(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="160"/>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="176"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="176"/>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="178"/>
        <location filename="../../kimidesk/gui/lab/runs.py" line="57"/>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/plan.py" line="179"/>
        <source>What has come is kept</source>
        <translation>已得到的会保留</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/runs.py" line="60"/>
        <source>Answer</source>
        <translation>答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/runs.py" line="63"/>
        <source>Runs; Return opens the trace of one</source>
        <translation>各次运行；回车打开其轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="30"/>
        <source>All of this is there already.</source>
        <translation>这些都已经有了。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="31"/>
        <source>{0} to draw: about {1} tokens ({2} to {3})</source>
        <translation>需生成 {0} 条：约 {1} 个词元（{2} 至 {3}）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="36"/>
        <source>about {0} at this trace&apos;s pace</source>
        <translation>按此轨迹的速度约 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="50"/>
        <source>the trace itself</source>
        <translation>轨迹本身</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="51"/>
        <source>cut</source>
        <translation>截断</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="52"/>
        <source>“Wait”</source>
        <translation>“Wait”</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="53"/>
        <source>no thinking</source>
        <translation>不思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="54"/>
        <source>afresh</source>
        <translation>重新思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="61"/>
        <source>The trace as it is.</source>
        <translation>轨迹原样。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="62"/>
        <source>The thought of this trace is ended after so many tokens, and the answer drawn.</source>
        <translation>在这么多词元后结束此轨迹的思考，再生成答案。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="65"/>
        <source>The end of the thought is replaced by “Wait”, so that it goes on (s1).</source>
        <translation>用“Wait”代替思考的结束，让它继续（s1）。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="68"/>
        <source>A thought that says it has ended is put there (NoThinking), and the answer drawn.</source>
        <translation>放入一段声称已结束的思考（NoThinking），再生成答案。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="72"/>
        <source>The problem is thought through afresh once a seed, and cut at each budget.</source>
        <translation>每个种子重新思考一次题目，并在每个预算处截断。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="84"/>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/words.py" line="85"/>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
</context>
<context>
    <name>LabelBar</name>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="57"/>
        <source>LABELLING</source>
        <translation>标注中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="59"/>
        <source>Letter: name · Enter: keep · S: split · J: join · Backspace: clear · Esc: leave</source>
        <translation>字母：命名 · 回车：保留 · S：拆分 · J：合并 · 退格：清除 · Esc：退出</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="64"/>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="65"/>
        <source>Leave labelling</source>
        <translation>退出标注</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="71"/>
        <source>Point at a sentence</source>
        <translation>请指向一个句子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="73"/>
        <source>model {0}</source>
        <translation>模型 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="74"/>
        <source>rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="75"/>
        <source>person</source>
        <translation>人工</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="89"/>
        <source>error</source>
        <translation>出错</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/bar.py" line="90"/>
        <source>switch</source>
        <translation>换路</translation>
    </message>
</context>
<context>
    <name>LabelPanel</name>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="60"/>
        <source>{0} of {1} sentences labelled</source>
        <translation>已标注 {0} / {1} 句</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="71"/>
        <source>Hidden while the labels of others are</source>
        <translation>隐藏他人标注时不显示</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="75"/>
        <source>Nobody else has labelled this trace</source>
        <translation>尚无他人标注此轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="86"/>
        <source>ANNOTATOR</source>
        <translation>标注者</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="87"/>
        <source>THE PINNED SENTENCE</source>
        <translation>所选句子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="88"/>
        <source>AGREEMENT</source>
        <translation>一致性</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="89"/>
        <source>Annotator</source>
        <translation>标注者</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="91"/>
        <source>The name that your labels are kept under</source>
        <translation>您的标注以此名保存</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="93"/>
        <source>Hide labels of others</source>
        <translation>隐藏他人的标注</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="95"/>
        <source>So that a second annotator does not see what the first one said</source>
        <translation>使第二位标注者看不到第一位的标注</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="100"/>
        <source>Leave labelling</source>
        <translation>退出标注</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="102"/>
        <source>Label sentences</source>
        <translation>标注句子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="106"/>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="107"/>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="108"/>
        <source>Export labels…</source>
        <translation>导出标注…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="158"/>
        <source>{0}: no sentence that both have labelled</source>
        <translation>{0}：没有双方都标注过的句子</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="159"/>
        <source>sentences</source>
        <translation>句</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="161"/>
        <source>characters</source>
        <translation>字</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/labelling/panel.py" line="167"/>
        <source>{0} {1}: κ {2}, AC2 {3}, alike {4}</source>
        <translation>{0} {1}：κ {2}，AC2 {3}，相同 {4}</translation>
    </message>
</context>
<context>
    <name>LabelRoom</name>
    <message>
        <location filename="../../kimidesk/gui/solve/labelling.py" line="46"/>
        <source>Labels</source>
        <translation>标注</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/labelling.py" line="130"/>
        <source>Export labels</source>
        <translation>导出标注</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/labelling.py" line="134"/>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
</context>
<context>
    <name>Landing</name>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="82"/>
        <source>How a thought ends</source>
        <translation>思考如何结束</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="87"/>
        <location filename="../../kimidesk/gui/solve/landing.py" line="148"/>
        <source>On a loop</source>
        <translation>出现循环时</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="89"/>
        <source>Flag</source>
        <translation>标记</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="90"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="91"/>
        <source>Ignore</source>
        <translation>忽略</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="128"/>
        <source>Soft landing</source>
        <translation>软着陆</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="129"/>
        <source>The last so many tokens of the thought&apos;s budget may end at a sentence; 0 cuts it exactly at the budget</source>
        <translation>思考预算的最后这么多个词元内可以在句末结束；0 表示恰好在预算处截断</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="136"/>
        <source>Think ≥</source>
        <translation>思考 ≥</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="137"/>
        <source>Tokens before a thought may end; 0 lets it end at once</source>
        <translation>思考结束前至少要有的词元数；0 表示可以随时结束</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="140"/>
        <source>Closing</source>
        <translation>结束语</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="141"/>
        <source>Said before a thought is closed by force; may be empty</source>
        <translation>强制结束思考之前说的话；可以留空</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="144"/>
        <source>Onward</source>
        <translation>继续语</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="145"/>
        <source>Said instead of an end that comes too early</source>
        <translation>思考结束得太早时用它代替结束</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/landing.py" line="149"/>
        <source>What to do with a trace that repeats itself</source>
        <translation>轨迹自我重复时怎么办</translation>
    </message>
</context>
<context>
    <name>Matrix</name>
    <message>
        <location filename="../../kimidesk/gui/figures/matrix.py" line="43"/>
        <source>kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/matrix.py" line="44"/>
        <source>then</source>
        <translation>其后</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/matrix.py" line="45"/>
        <source>times</source>
        <translation>次数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/matrix.py" line="46"/>
        <source>share</source>
        <translation>占比</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/matrix.py" line="61"/>
        <source>{0} → {1}: {2} of {3} ({4})</source>
        <translation>{0} → {1}：{3} 次中的 {2} 次（{4}）</translation>
    </message>
</context>
<context>
    <name>Measures</name>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="67"/>
        <source>Outcome efficiency</source>
        <translation>结果效率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="68"/>
        <source>Process efficiency</source>
        <translation>过程效率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="69"/>
        <source>Underthinking</source>
        <translation>思考不足</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="70"/>
        <source>Failed steps</source>
        <translation>失败步骤</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="71"/>
        <source>Review ratio</source>
        <translation>回顾比例</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="72"/>
        <source>Said again</source>
        <translation>重复语句</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="73"/>
        <source>Loop</source>
        <translation>循环</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="74"/>
        <source>Wait rate</source>
        <translation>“等等”频率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="75"/>
        <source>Error admissions</source>
        <translation>认错频率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="82"/>
        <source>The share of the trace up to and with its first right solution; 0 % where none is right. A solution ends where an answer is stated, in a box or after “the answer is”. By characters. ξ_O of Chen et al., arXiv 2412.21187.</source>
        <translation>轨迹中直到首个正确解（含）所占的比例；没有正确解时为 0 %。一个解结束于陈述答案之处：方框内，或“答案是”之后。按字符计。即 Chen 等的 ξ_O，arXiv 2412.21187。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="88"/>
        <source>The share of the trace in solutions that try an approach for the first time. A new approach begins with a sentence that switches to one; the paper has a large model cluster them. By characters. ξ_P of Chen et al., arXiv 2412.21187.</source>
        <translation>轨迹中首次尝试某种思路的解所占的比例。新思路始于转换思路的句子；论文由大模型聚类。按字符计。即 Chen 等的 ξ_P，arXiv 2412.21187。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="94"/>
        <source>Of a trace that ended wrong: the share that came after its first right solution; 0 % where none was right. ξ_UT of Wang et al., arXiv 2501.18585.</source>
        <translation>对最终错误的轨迹：首个正确解之后所占的比例；没有正确解时为 0 %。即 Wang 等的 ξ_UT，arXiv 2501.18585。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="99"/>
        <source>Sentences in abandoned branches, of all. An approximation: Feng et al., arXiv 2509.19284, take branches from a graph of the thought; here a branch is what stands between the last plan, conclusion or turn and a sentence that turns back.</source>
        <translation>被放弃的分支中的句子占全部句子的比例。此为近似：Feng 等（arXiv 2509.19284）从思考图中得到分支；这里的分支是上一个计划、小结或转折与一个回头的句子之间的内容。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="105"/>
        <source>The share of characters that go over earlier steps. An approximation: checks, and the question read again after the setup, by the kinds of the sentences; Feng et al., arXiv 2509.19284, have a large model label them.</source>
        <translation>重温先前步骤的字符所占的比例。此为近似：按句子的类型，计入检查以及准备阶段之后的重读题目；Feng 等（arXiv 2509.19284）由大模型标注。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="111"/>
        <source>The share of characters in sentences that an earlier one says word for word.</source>
        <translation>与先前句子逐字相同的句子所占的字符比例。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="115"/>
        <source>Whether the engine saw the trace repeat itself and ended it: 100 % if so.</source>
        <translation>引擎是否因发现轨迹自我重复而将其结束：若是则为 100 %。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="118"/>
        <source>How often “wait” is said in 1,000 characters.</source>
        <translation>每 1,000 个字符中说“等等”的次数。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/figures/measures.py" line="119"/>
        <source>Sentences that turn back and admit an error, in 1,000 characters.</source>
        <translation>每 1,000 个字符中回头认错的句子数。</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="73"/>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="74"/>
        <source>&amp;Trace</source>
        <translation>轨迹(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="75"/>
        <source>&amp;Branch</source>
        <translation>分支(&amp;B)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="76"/>
        <source>&amp;Compare</source>
        <translation>比较(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="77"/>
        <source>&amp;Score</source>
        <translation>评分(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="78"/>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/commands.py" line="79"/>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
</context>
<context>
    <name>Minimap</name>
    <message>
        <location filename="../../kimidesk/gui/thought/minimap.py" line="86"/>
        <source>Map of the trace</source>
        <translation>轨迹缩略图</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/minimap.py" line="88"/>
        <source>Kinds of its segments, and its stages, from top to bottom</source>
        <translation>从上到下：各片段的类别，以及各阶段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/minimap.py" line="155"/>
        <source>{0} · tokens {1} … {2} · {3} of the thought</source>
        <translation>{0} · 词元 {1} … {2} · 占思考的 {3}</translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="32"/>
        <source>cut</source>
        <translation>截断</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="33"/>
        <source>landed</source>
        <translation>软着陆</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="34"/>
        <source>asked</source>
        <translation>应要求</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="35"/>
        <source>kept on</source>
        <translation>继续</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="36"/>
        <source>loop</source>
        <translation>循环</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="37"/>
        <source>server&apos;s budget</source>
        <translation>服务器预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="38"/>
        <source>server&apos;s draw</source>
        <translation>服务器采样</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="39"/>
        <source>resumed</source>
        <translation>已续写</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="40"/>
        <source>thoughts left out</source>
        <translation>略去思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="41"/>
        <source>sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="42"/>
        <source>branch</source>
        <translation>分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="43"/>
        <source>branched</source>
        <translation>有分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="50"/>
        <source>The thought was closed by force: its budget was spent.</source>
        <translation>思考被强制结束：预算已用完。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="51"/>
        <source>The thought was closed by force at the end of a sentence, within its budget.</source>
        <translation>思考在预算之内、于句末被强制结束。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="60"/>
        <source>The thought&apos;s budget was left to the server.</source>
        <translation>思考预算由服务器控制。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="61"/>
        <source>The server draws tokens by rules of its own.</source>
        <translation>服务器按自己的规则采样词元。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="62"/>
        <source>The server was lost here; it was asked again, and went on from this token.</source>
        <translation>此处与服务器失去联系；已再次请求，并从这个词元继续。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="65"/>
        <source>The server has no field for thoughts of earlier turns; they were left out.</source>
        <translation>服务器没有存放先前各轮思考的字段；这些思考已略去。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="68"/>
        <source>This is how the server was asked.</source>
        <translation>这是向服务器提出请求的方式。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="69"/>
        <source>A branch: here its parent went on otherwise:</source>
        <translation>分支：母轨迹在此处的后续是：</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="70"/>
        <source>Branches that left here:</source>
        <translation>自此处分出的分支数：</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="76"/>
        <source>{0}  token {1}: {2}</source>
        <translation>{0}  词元 {1}：{2}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="55"/>
        <source>The thought was closed because you asked for it.</source>
        <translation>应你的要求结束了思考。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="56"/>
        <source>The thought would have ended here, and was made to go on.</source>
        <translation>思考本会在此结束，被要求继续。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/notes.py" line="59"/>
        <source>The trace repeats itself here.</source>
        <translation>轨迹在这里自我重复。</translation>
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
    <name>Opening</name>
    <message>
        <location filename="../../kimidesk/gui/opening/beside.py" line="96"/>
        <source>Draft</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="61"/>
        <source>Projector</source>
        <translation>投影器</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/beside.py" line="94"/>
        <source>nobody guesses ahead</source>
        <translation>不提前猜测</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="62"/>
        <source>The file (mmproj) that turns pictures into tokens; left empty, the one beside the checkpoint that fits it</source>
        <translation>把图片变成词元的文件（mmproj）；留空则用检查点旁边与之匹配的那个</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="68"/>
        <source>none</source>
        <translation>不用</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="69"/>
        <source>Open without a projector</source>
        <translation>不带投影器打开</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="71"/>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="72"/>
        <source>to</source>
        <translation>至</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="73"/>
        <source>Least tokens of a picture</source>
        <translation>一张图片最少的词元数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="74"/>
        <source>Most tokens of a picture</source>
        <translation>一张图片最多的词元数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="77"/>
        <source>{0}: it is scaled to them; 0 leaves it to the projector</source>
        <translation>{0}：图片会缩放到此；0 由投影器决定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="84"/>
        <source>pictures cannot be read</source>
        <translation>不能读图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/projector.py" line="86"/>
        <source>{0}, found beside it</source>
        <translation>{0}，在旁边找到</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/beside.py" line="91"/>
        <source>D&amp;raft</source>
        <translation>草稿模型(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/beside.py" line="92"/>
        <source>ah&amp;ead</source>
        <translation>提前(&amp;E)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/beside.py" line="93"/>
        <source>&amp;Projector</source>
        <translation>投影器(&amp;P)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/beside.py" line="97"/>
        <source>Who guesses tokens ahead: ngram, the trace itself, or a smaller checkpoint of the same vocabulary; statistics stay exact</source>
        <translation>谁来提前猜词元：ngram（轨迹自身），或词表相同的较小检查点；统计数据仍然精确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/beside.py" line="104"/>
        <source>Guess from the trace itself</source>
        <translation>根据轨迹自身猜测</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/beside.py" line="106"/>
        <source>Tokens guessed ahead at most</source>
        <translation>最多提前猜测的词元数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="87"/>
        <source>Name a checkpoint.</source>
        <translation>请指定一个检查点。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="153"/>
        <source>Its weights are not loaded here.</source>
        <translation>它的权重不在本机加载。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="91"/>
        <source>{0}: “{1}” is no value it can have</source>
        <translation>{0}：“{1}” 不是可用的值</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="221"/>
        <location filename="../../kimidesk/gui/opening/where.py" line="68"/>
        <source>Open a checkpoint</source>
        <translation>打开检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="222"/>
        <source>CHECKPOINT</source>
        <translation>检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="203"/>
        <source>MEMORY</source>
        <translation>内存</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="203"/>
        <source>TRACES</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="223"/>
        <source>SERVER</source>
        <translation>服务器</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="224"/>
        <source>BESIDE IT</source>
        <translation>附带</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="226"/>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="227"/>
        <source>Open the checkpoint</source>
        <translation>打开该检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/dialog.py" line="228"/>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="107"/>
        <source>Flash attention</source>
        <translation>Flash 注意力</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="109"/>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="110"/>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="111"/>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="119"/>
        <source>Conte&amp;xt</source>
        <translation>上下文(&amp;X)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="123"/>
        <source>Tr&amp;aces at once</source>
        <translation>同时轨迹数(&amp;A)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="124"/>
        <source>Each has memory for a context of its own; 0 makes room for two where there is ample memory: for probes beside a growing trace, or a branch</source>
        <translation>每条轨迹有自己的上下文内存；0 表示内存充足时为两条留出空间：用于在生成轨迹的同时探测，或用于分支</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="131"/>
        <source>&amp;Keys and values</source>
        <translation>键和值(&amp;K)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="139"/>
        <source>&amp;GPU layers</source>
        <translation>GPU 层数(&amp;G)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="147"/>
        <source>T&amp;hreads</source>
        <translation>线程(&amp;H)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="151"/>
        <source>Keep on disk, G&amp;B</source>
        <translation>磁盘保留（GB）(&amp;B)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="120"/>
        <source>Tokens a trace may use, prompt included; 0 takes all it knows</source>
        <translation>一条轨迹（含提示）最多可用的词元数；0 表示用到它所知的全部</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="132"/>
        <source>How they are kept: q8_0 takes half the memory of f16</source>
        <translation>保存方式：q8_0 只占 f16 一半的内存</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="135"/>
        <source>&amp;Flash attention</source>
        <translation>Flash 注意力(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="136"/>
        <source>Needs less memory; some types of keys and values need it</source>
        <translation>占用内存更少；某些键值类型必须开启</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="140"/>
        <source>Layers on graphics cards, the output counted as one; where all are asked for and do not fit, nothing is opened. On PyTorch none means the processor</source>
        <translation>放到显卡上的层数，输出算一层；要求全部而放不下时不会打开。在 PyTorch 上“不用”表示用处理器</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="148"/>
        <source>0 leaves one core to the rest of the machine</source>
        <translation>0 表示给机器留出一个核心</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/memory.py" line="152"/>
        <source>Room for what long traces have evaluated, taken up again after a restart; 0 keeps nothing</source>
        <translation>为长轨迹已计算的内容留出的空间，重启后继续使用；0 表示不保留</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/meter.py" line="91"/>
        <source>weights {0}</source>
        <translation>权重 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/meter.py" line="94"/>
        <source>{0} tokens {1}</source>
        <translation>{0} 词元 {1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/meter.py" line="95"/>
        <source>working room {0}</source>
        <translation>工作空间 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/meter.py" line="97"/>
        <source>beside it {0}</source>
        <translation>附带 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/meter.py" line="98"/>
        <source>About {0} of {1} free: {2}.</source>
        <translation>约需 {0}，可用 {1}：{2}。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/meter.py" line="102"/>
        <source>At least {0} of {1} free: {2}, and memory for tokens.</source>
        <translation>至少 {0}，可用 {1}：{2}，另加词元所需的内存。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/meter.py" line="107"/>
        <source>It does not fit.</source>
        <translation>放不下。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/meter.py" line="109"/>
        <source>It does not fit; {0} tokens would.</source>
        <translation>放不下；{0} 个词元可以。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="70"/>
        <source>GGUF checkpoints (*.gguf);;All files (*)</source>
        <translation>GGUF 检查点 (*.gguf);;所有文件 (*)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="77"/>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="80"/>
        <source>name, file.gguf, folder, or http://HOST:PORT/v1#MODEL</source>
        <translation>名称、file.gguf、文件夹，或 http://HOST:PORT/v1#MODEL</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="83"/>
        <source>A name of the catalog, a GGUF file, a folder of safetensors, or the address of an OpenAI-compatible server with #MODEL behind it</source>
        <translation>目录中的名称、GGUF 文件、safetensors 文件夹，或兼容 OpenAI 的服务器地址（后面加 #MODEL）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="89"/>
        <source>F&amp;ile…</source>
        <translation>文件(&amp;I)…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="90"/>
        <source>Choose a GGUF file</source>
        <translation>选择 GGUF 文件</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="91"/>
        <source>Fol&amp;der…</source>
        <translation>文件夹(&amp;D)…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="92"/>
        <source>Choose a folder of safetensors</source>
        <translation>选择 safetensors 文件夹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="95"/>
        <source>On Py&amp;Torch, in full precision</source>
        <translation>用 PyTorch 以全精度运行(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="96"/>
        <source>On PyTorch, in full precision</source>
        <translation>用 PyTorch 以全精度运行</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/where.py" line="98"/>
        <source>Folders always are; a GGUF is dequantized for it</source>
        <translation>文件夹总是如此；GGUF 会为此反量化</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="97"/>
        <source>as the server tells it</source>
        <translation>由服务器提供</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="109"/>
        <source>∞, the default, sends as many as are wanted</source>
        <translation>∞（默认）不加限制</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="110"/>
        <source>Seconds; the default is {0}</source>
        <translation>秒，默认 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="113"/>
        <source>Chat te&amp;mplate</source>
        <translation>对话模板(&amp;M)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="114"/>
        <source>A file (Jinja) with the template of its model, where the server tells none: with it prompts are made here, and budgets are exact</source>
        <translation>服务器不提供模板时，含其模型模板的文件（Jinja）：有了它，提示在本地生成，预算精确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="120"/>
        <source>Re&amp;quests a minute</source>
        <translation>每分钟请求数(&amp;Q)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="121"/>
        <source>Tokens a min&amp;ute</source>
        <translation>每分钟词元数(&amp;U)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="123"/>
        <source>&amp;Connected within, s</source>
        <translation>连接时限（秒）(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="127"/>
        <source>First token &amp;within, s</source>
        <translation>首个词元时限（秒）(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="131"/>
        <source>&amp;Between tokens, s</source>
        <translation>词元间隔时限（秒）(&amp;B)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="135"/>
        <source>T&amp;ries</source>
        <translation>尝试次数(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/server.py" line="136"/>
        <source>Requests in a row without a token until a trace has failed; the default is {0}</source>
        <translation>连续多少次请求没有带来词元，轨迹才算失败；默认为 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/trial.py" line="108"/>
        <source>What the server can do</source>
        <translation>服务器的能力</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/trial.py" line="114"/>
        <source>The test was cancelled.</source>
        <translation>测试已取消。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/trial.py" line="121"/>
        <source>The server is asked what it can do…</source>
        <translation>正在询问服务器的能力…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/trial.py" line="125"/>
        <source>{0} tokens of context</source>
        <translation>上下文 {0} 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/trial.py" line="141"/>
        <source>Test con&amp;nection</source>
        <translation>测试连接(&amp;N)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/trial.py" line="143"/>
        <source>Ca&amp;ncel the test</source>
        <translation>取消测试(&amp;N)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/trial.py" line="147"/>
        <source>Asks the server for a few tokens, as opening it does</source>
        <translation>与打开时一样，向服务器请求几个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/layers.py" line="59"/>
        <source>{0}: how many</source>
        <translation>{0}：数目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/layers.py" line="65"/>
        <source>As many as fit</source>
        <translation>尽可能多</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/layers.py" line="66"/>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/layers.py" line="67"/>
        <source>None</source>
        <translation>不用</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/opening/layers.py" line="68"/>
        <source>A number</source>
        <translation>指定数目</translation>
    </message>
</context>
<context>
    <name>Outline</name>
    <message>
        <location filename="../../kimidesk/gui/solve/thought.py" line="26"/>
        <source>Outline</source>
        <translation>大纲</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/kind_filter.py" line="42"/>
        <source>Only {0}</source>
        <translation>只看{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/outline.py" line="134"/>
        <source>1 SEGMENT</source>
        <translation>1 个片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/outline.py" line="136"/>
        <source>{0} SEGMENTS</source>
        <translation>{0} 个片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/outline.py" line="141"/>
        <source>Collapse every segment</source>
        <translation>折叠所有片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/outline.py" line="142"/>
        <source>Expand every segment</source>
        <translation>展开所有片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/outline.py" line="147"/>
        <source>Segments of the thought</source>
        <translation>思考的片段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/outline.py" line="149"/>
        <source>No segment is here. They come as the thought grows.</source>
        <translation>这里没有片段。思考增长时会出现。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/outline.py" line="186"/>
        <source>1 token</source>
        <translation>1 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/outline.py" line="188"/>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="70"/>
        <source>Open a checkpoint</source>
        <translation>打开检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="62"/>
        <source>GGUF checkpoints (*.gguf);;Scripts (*.json);;All files (*)</source>
        <translation>GGUF 检查点 (*.gguf);;脚本 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="128"/>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="129"/>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="130"/>
        <source>Open with options…</source>
        <translation>按选项打开…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="136"/>
        <source>Choose a checkpoint</source>
        <translation>选择检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="141"/>
        <source>Opening {0} … {1}%</source>
        <translation>正在打开 {0} … {1}%</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="145"/>
        <source>{0}: not open</source>
        <translation>{0}：未打开</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/picker.py" line="147"/>
        <source>Checkpoint: {0}</source>
        <translation>检查点：{0}</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="118"/>
        <source>{0} is no PNG, JPEG or WebP picture</source>
        <translation>{0} 不是 PNG、JPEG 或 WebP 图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="104"/>
        <source>{0} is cut short</source>
        <translation>{0} 不完整</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="135"/>
        <source>the clipboard holds no picture</source>
        <translation>剪贴板里没有图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="145"/>
        <source>{0} cannot be read: {1}</source>
        <translation>无法读取 {0}：{1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="148"/>
        <source>{0} is no file</source>
        <translation>{0} 不是文件</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="151"/>
        <source>{0} has {1} MB; a picture may have {2}</source>
        <translation>{0} 有 {1} MB；图片最多 {2} MB</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="162"/>
        <source>{0} is more than {1} times as long as it is wide</source>
        <translation>{0} 的长边超过短边的 {1} 倍</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="169"/>
        <source>{0} has {1} × {2} pixels; a picture may have {3} million in all</source>
        <translation>{0} 有 {1} × {2} 像素；图片总共最多 {3} 百万像素</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/looking.py" line="190"/>
        <source>{0} is broken: {1}</source>
        <translation>{0} 已损坏：{1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="121"/>
        <source>Pictures (*.png *.jpg *.jpeg *.webp);;All files (*)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.webp);;所有文件 (*)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="122"/>
        <source>Add pictures</source>
        <translation>添加图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="142"/>
        <source>Pictures of the problem</source>
        <translation>题目的图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="144"/>
        <source>Enter shows the selected one large, Delete removes it</source>
        <translation>回车放大查看所选图片，删除键移除</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="180"/>
        <source>kept copy</source>
        <translation>留存副本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="219"/>
        <source>{0} files have moved or changed; the copies kept with the trace are shown.</source>
        <translation>{0} 个文件已移动或更改；显示的是随轨迹留存的副本。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="239"/>
        <source>The file has moved or is gone; the copy kept with the trace is shown.</source>
        <translation>文件已移动或不存在；显示的是随轨迹留存的副本。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="242"/>
        <source>The file has changed; the copy kept with the trace is shown.</source>
        <translation>文件已更改；显示的是随轨迹留存的副本。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/strip.py" line="191"/>
        <source>unreadable</source>
        <translation>无法读取</translation>
    </message>
</context>
<context>
    <name>Problem</name>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="117"/>
        <source>PROBLEM</source>
        <translation>题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="118"/>
        <source>EXPECTED ANSWER</source>
        <translation>期望答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="119"/>
        <source>+ Picture</source>
        <translation>+ 图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="120"/>
        <source>Add pictures</source>
        <translation>添加图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="122"/>
        <source>Add PNG, JPEG or WebP pictures; they can be dropped and pasted too</source>
        <translation>添加 PNG、JPEG 或 WebP 图片；也可以拖放或粘贴</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="127"/>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="128"/>
        <source>Remove the selected picture</source>
        <translation>移除选中的图片</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="131"/>
        <source>Write a problem, in words or LaTeX. Ctrl+Return solves it.</source>
        <translation>用文字或 LaTeX 写下题目，按 Ctrl+Return 求解。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="133"/>
        <source>optional: the answer is then graded</source>
        <translation>可选：填写后将自动评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="134"/>
        <source>Problem</source>
        <translation>题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/problem.py" line="135"/>
        <source>Expected answer</source>
        <translation>期望答案</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="77"/>
        <source>Solve</source>
        <translation>求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="78"/>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="79"/>
        <source>Score</source>
        <translation>评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="80"/>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="81"/>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/rail.py" line="82"/>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
</context>
<context>
    <name>Ribbon</name>
    <message>
        <location filename="../../kimidesk/gui/tracks/ribbon.py" line="97"/>
        <source>{0}, {1} tokens, confidence {2}</source>
        <translation>{0}，{1} 个词元，置信度 {2}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/ribbon.py" line="105"/>
        <source>forking token: among the 20 % of highest entropy</source>
        <translation>分叉词元：熵居最高的 20 %</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/ribbon.py" line="109"/>
        <source>Ribbon of kinds</source>
        <translation>类型色带</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/ribbon.py" line="111"/>
        <source>Kinds, stages and forking tokens along the trace</source>
        <translation>沿轨迹的类型、阶段与分叉词元</translation>
    </message>
</context>
<context>
    <name>Score</name>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="28"/>
        <location filename="../../kimidesk/gui/score/curve.py" line="126"/>
        <location filename="../../kimidesk/gui/score/curve.py" line="144"/>
        <source>Accuracy</source>
        <translation>正确率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="28"/>
        <location filename="../../kimidesk/gui/score/table.py" line="87"/>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="117"/>
        <source>thought ended there, and answered</source>
        <translation>在此截断思考并作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="118"/>
        <source>right within so many tokens</source>
        <translation>在这么多词元内答对</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="124"/>
        <source>Curve</source>
        <translation>曲线</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="125"/>
        <source>Budget, tokens</source>
        <translation>预算（词元）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="127"/>
        <location filename="../../kimidesk/gui/score/curve.py" line="145"/>
        <source>From</source>
        <translation>下限</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="128"/>
        <location filename="../../kimidesk/gui/score/curve.py" line="146"/>
        <source>To</source>
        <translation>上限</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="129"/>
        <location filename="../../kimidesk/gui/score/curve.py" line="143"/>
        <source>Mean tokens</source>
        <translation>平均词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="130"/>
        <location filename="../../kimidesk/gui/score/curve.py" line="147"/>
        <location filename="../../kimidesk/gui/score/page.py" line="103"/>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/curve.py" line="142"/>
        <source>Run</source>
        <translation>评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="17"/>
        <source>Nothing is graded yet</source>
        <translation>还没有判定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="19"/>
        <source>{0} right ({1} of {2}), 95 % interval {3} to {4}</source>
        <translation>正确 {0}（{2} 个中的 {1} 个），95 % 区间 {3} 至 {4}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="29"/>
        <source>{0} of {1} samples</source>
        <translation>样本 {0}/{1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="30"/>
        <source>{0} tokens/s</source>
        <translation>{0} 词元/秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="33"/>
        <source>about {0} left</source>
        <translation>约剩 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="42"/>
        <source>Of the finished ones {0} are right</source>
        <translation>正常结束的样本中 {0} 正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="53"/>
        <source>Thinking: {0} tokens on average, median {1}</source>
        <translation>思考：平均 {0} 词元，中位数 {1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="59"/>
        <source>Answer: {0} tokens on average, median {1}</source>
        <translation>回答：平均 {0} 词元，中位数 {1}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/figures.py" line="73"/>
        <source>▲ {0} were cut off: a larger budget may change the result</source>
        <translation>▲ {0} 被截断：加大预算可能改变结果</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="73"/>
        <source>ACCURACY BY TOKENS</source>
        <translation>正确率随词元的变化</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="76"/>
        <source>ACCURACY OF RUNS BY MEAN TOKENS</source>
        <translation>各次评分的正确率与平均词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="89"/>
        <source>RUNS</source>
        <translation>评分记录</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="90"/>
        <source>RESULT</source>
        <translation>结果</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="91"/>
        <source>Runs</source>
        <translation>评分记录</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="92"/>
        <source>New run…</source>
        <translation>新的评分…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="93"/>
        <source>Open a run…</source>
        <translation>打开一次评分…</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="94"/>
        <source>Stop the run</source>
        <translation>停止评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="95"/>
        <source>Judge as right</source>
        <translation>判为正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="96"/>
        <source>Judge as wrong</source>
        <translation>判为错误</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="97"/>
        <source>As the grader judged</source>
        <translation>恢复评分器的判定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="98"/>
        <source>Solve it again</source>
        <translation>重新求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="99"/>
        <source>Show its trace</source>
        <translation>显示其轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="100"/>
        <source>Search problems and answers</source>
        <translation>搜索题目与答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="102"/>
        <source>Subject or level</source>
        <translation>科目或难度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="104"/>
        <source>The chosen sample</source>
        <translation>选中的样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="105"/>
        <source>Choose a sample to read it.</source>
        <translation>选择一个样本来阅读。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="107"/>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="109"/>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="110"/>
        <source>Right</source>
        <translation>正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="111"/>
        <source>Wrong</source>
        <translation>错误</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="112"/>
        <source>Cut off</source>
        <translation>被截断</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="113"/>
        <source>Disputed</source>
        <translation>有争议</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="117"/>
        <source>Repeats disagree, the grader failed, or a person changed the verdict</source>
        <translation>重复样本不一致、评分器出错，或有人改过判定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="123"/>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="124"/>
        <source>Budget curve</source>
        <translation>预算曲线</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="125"/>
        <source>Runs compared</source>
        <translation>评分对比</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/page.py" line="126"/>
        <source>Changed</source>
        <translation>变化</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/presenter.py" line="141"/>
        <source>Open a run</source>
        <translation>打开一次评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/presenter.py" line="162"/>
        <source>Stopping: what is in flight is finished and kept</source>
        <translation>正在停止：进行中的样本会完成并保留</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/presenter.py" line="263"/>
        <source>Every subject</source>
        <translation>所有科目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/presenter.py" line="321"/>
        <source>Begin a new run, or open the folder that `kimidesk score --out` made.</source>
        <translation>开始新的评分，或打开 `kimidesk score --out` 生成的文件夹。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/presenter.py" line="330"/>
        <source>{0} of {1} samples shown</source>
        <translation>显示 {1} 个样本中的 {0} 个</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="151"/>
        <source>The process cannot be started.</source>
        <translation>无法启动进程。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="168"/>
        <source>Name a checkpoint.</source>
        <translation>请指定一个检查点。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="171"/>
        <source>Budgets are tokens with commas: 256, 512, 1k.</source>
        <translation>预算是用逗号分隔的词元数：256, 512, 1k。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="173"/>
        <source>Name a folder for the run.</source>
        <translation>请为这次评分指定文件夹。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="184"/>
        <source>There is no file {0}.</source>
        <translation>没有文件 {0}。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="193"/>
        <source>{0} must be a whole number.</source>
        <translation>{0}必须是整数。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="199"/>
        <source>{0} must be a number of tokens, as 4k.</source>
        <translation>{0}必须是词元数，例如 4k。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="203"/>
        <source>The temperature must be 0 or more.</source>
        <translation>温度必须大于或等于 0。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="211"/>
        <source>The run tells how long it takes once it has begun.</source>
        <translation>开始后会显示需要多长时间。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="216"/>
        <source>{0} samples, up to {1} tokens of answers each.</source>
        <translation>{0} 个样本，每个回答最多 {1} 词元。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="221"/>
        <source>{0} samples, {1} tokens at most.</source>
        <translation>{0} 个样本，最多 {1} 词元。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="232"/>
        <source>At most about {0}, as fast as earlier runs.</source>
        <translation>按先前评分的速度，最多约 {0}。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="254"/>
        <source>New run</source>
        <translation>新的评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="256"/>
        <source>&amp;Data</source>
        <translation>数据(&amp;D)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="257"/>
        <source>&amp;Checkpoints</source>
        <translation>检查点(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="258"/>
        <source>&amp;Problems</source>
        <translation>题数(&amp;P)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="259"/>
        <source>&amp;Repeats</source>
        <translation>重复次数(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="260"/>
        <source>&amp;Thinking budget</source>
        <translation>思考预算(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="261"/>
        <source>&amp;Budgets to try</source>
        <translation>要尝试的预算(&amp;B)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="262"/>
        <source>&amp;Answer tokens</source>
        <translation>回答词元(&amp;A)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="263"/>
        <source>Te&amp;mperature</source>
        <translation>温度(&amp;M)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="264"/>
        <source>&amp;Seed</source>
        <translation>种子(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="265"/>
        <source>At &amp;once</source>
        <translation>同时进行(&amp;O)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="266"/>
        <source>&amp;Folder</source>
        <translation>文件夹(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="271"/>
        <source>Where the run is kept</source>
        <translation>评分保存的位置</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="273"/>
        <source>A name, a file, a folder or a server; several with commas</source>
        <translation>名称、文件、文件夹或服务器；多个用逗号分隔</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="275"/>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="276"/>
        <source>without limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="278"/>
        <source>The command that will be run</source>
        <translation>将要运行的命令</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="280"/>
        <source>Cop&amp;y the command</source>
        <translation>复制命令(&amp;Y)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="281"/>
        <source>Be&amp;gin</source>
        <translation>开始(&amp;G)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/setup.py" line="282"/>
        <source>Ca&amp;ncel</source>
        <translation>取消(&amp;N)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/table.py" line="81"/>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/table.py" line="82"/>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/table.py" line="83"/>
        <location filename="../../kimidesk/gui/score/versus.py" line="82"/>
        <source>Problem</source>
        <translation>题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/table.py" line="84"/>
        <source>Answer</source>
        <translation>答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/table.py" line="85"/>
        <source>Expected</source>
        <translation>标准答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/table.py" line="86"/>
        <source>Ended</source>
        <translation>结束方式</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/table.py" line="88"/>
        <source>Subject</source>
        <translation>科目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/table.py" line="89"/>
        <source>Level</source>
        <translation>难度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="21"/>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="23"/>
        <source>wrong</source>
        <translation>错误</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="25"/>
        <source>no answer</source>
        <translation>没有答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="27"/>
        <source>grader failed</source>
        <translation>评分器出错</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="29"/>
        <source>not judged</source>
        <translation>未判定</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="36"/>
        <source>finished</source>
        <translation>正常结束</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="38"/>
        <source>cut off in its answer</source>
        <translation>回答被截断</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="40"/>
        <source>cut off in its thought</source>
        <translation>思考被截断</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="42"/>
        <source>without an answer</source>
        <translation>没有给出答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="44"/>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="46"/>
        <source>refused</source>
        <translation>拒绝回答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="48"/>
        <source>repeated itself</source>
        <translation>陷入重复</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="61"/>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="63"/>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/words.py" line="64"/>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/retelling.py" line="35"/>
        <source>This sample has no text: {0}</source>
        <translation>此样本没有文本：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/retelling.py" line="36"/>
        <source>Solve its problem again.</source>
        <translation>请重新求解其题目。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/retelling.py" line="41"/>
        <source>{0} does not tell which checkpoint it was made with</source>
        <translation>{0} 没有说明它是用哪个检查点生成的</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/retelling.py" line="44"/>
        <source>Solve its problem again, or go on with the run once.</source>
        <translation>请重新求解其题目，或让这次评分再继续一次。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="66"/>
        <location filename="../../kimidesk/gui/score/versus.py" line="107"/>
        <source>Choose a run</source>
        <translation>选择一次评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="83"/>
        <source>Here</source>
        <translation>此处</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="84"/>
        <source>There</source>
        <translation>对方</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="85"/>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="103"/>
        <source>Against</source>
        <translation>对照</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="104"/>
        <source>The run to compare with</source>
        <translation>用于对照的评分</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="105"/>
        <source>Problems that changed</source>
        <translation>结果有变化的题目</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="130"/>
        <source>{0} here, {1} there, on {2} problems that both have.</source>
        <translation>在两者共有的 {2} 道题上，此处 {0}，对方 {1}。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="133"/>
        <source>There less here: {0} points, 95 % interval {1} to {2}.</source>
        <translation>对方减此处：{0} 个百分点，95 % 区间 {1} 至 {2}。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="139"/>
        <source>Right here alone: {0}; there alone: {1}; McNemar&apos;s exact p = {2}.</source>
        <translation>仅此处答对：{0}；仅对方答对：{1}；McNemar 精确检验 p = {2}。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="145"/>
        <source>No difference that these problems can show; {0} points take {1} more.</source>
        <translation>这些题目不足以显示差异；要显示 {0} 个百分点还需 {1} 道题。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/score/versus.py" line="150"/>
        <source>{0} tokens a sample. {1} problems changed:</source>
        <translation>每个样本 {0} 词元。{1} 道题有变化：</translation>
    </message>
</context>
<context>
    <name>Solve</name>
    <message>
        <location filename="../../kimidesk/gui/solve/presenter.py" line="123"/>
        <source>A trace grows: stop it first</source>
        <translation>有轨迹正在生成：请先停止</translation>
    </message>
</context>
<context>
    <name>SolvePage</name>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="79"/>
        <source>the pasted picture is still being saved</source>
        <translation>粘贴的图片还在保存中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="109"/>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="111"/>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="112"/>
        <source>Long</source>
        <translation>长</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="113"/>
        <source>Short</source>
        <translation>短</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="117"/>
        <source>Whether the checkpoint is asked to think before it answers</source>
        <translation>是否要求模型先思考再回答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="120"/>
        <source>Sampling and budget</source>
        <translation>采样与预算</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="121"/>
        <location filename="../../kimidesk/gui/solve/page.py" line="128"/>
        <source>Solve</source>
        <translation>求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="122"/>
        <location filename="../../kimidesk/gui/solve/page.py" line="129"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="123"/>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="124"/>
        <location filename="../../kimidesk/gui/solve/page.py" line="125"/>
        <source>Cancel opening</source>
        <translation>取消打开</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="130"/>
        <source>Problem and history</source>
        <translation>题目与历史</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="132"/>
        <source>Beside the trace</source>
        <translation>轨迹旁</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="133"/>
        <source>The trace will appear here, token by token.</source>
        <translation>轨迹将在此逐个词元地出现。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="134"/>
        <source>Trace</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/page.py" line="206"/>
        <source>Token</source>
        <translation>词元</translation>
    </message>
</context>
<context>
    <name>Spending</name>
    <message>
        <location filename="../../kimidesk/gui/tracks/spending.py" line="82"/>
        <source>{0} of {1} tokens spent</source>
        <translation>已用 {0} / {1} 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/spending.py" line="84"/>
        <source>{0} tokens spent</source>
        <translation>已用 {0} 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/spending.py" line="85"/>
        <source>{0} s after the first</source>
        <translation>首个词元之后 {0} 秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/spending.py" line="92"/>
        <source>{0} tokens a second here</source>
        <translation>此处每秒 {0} 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/spending.py" line="98"/>
        <source>{0} over all</source>
        <translation>全程 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/spending.py" line="107"/>
        <source>Budget and speed</source>
        <translation>预算与速度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/spending.py" line="109"/>
        <source>Tokens of thought and answer against their limits</source>
        <translation>思考与回答的词元及其上限</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/spending.py" line="161"/>
        <source>{0} tokens/s</source>
        <translation>{0} 词元/秒</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <location filename="../../kimidesk/gui/thought/stages.py" line="35"/>
        <source>Setup</source>
        <translation>准备</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/stages.py" line="36"/>
        <source>First pass</source>
        <translation>首次求解</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/stages.py" line="37"/>
        <source>Re-checks</source>
        <translation>复查</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/stages.py" line="38"/>
        <source>Conclusion</source>
        <translation>结论</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/stages.py" line="58"/>
        <source>Reads the question, gathers what is known, plans</source>
        <translation>读题，收集已知，作计划</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/stages.py" line="59"/>
        <source>The way to the first result, and on until something is doubted</source>
        <translation>到首个结果为止，以及其后直到产生怀疑</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/stages.py" line="62"/>
        <source>All that follows the first doubt after a result</source>
        <translation>得到结果后首次怀疑以来的全部内容</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/thought/stages.py" line="63"/>
        <source>States the answer, and what leads up to it</source>
        <translation>陈述答案及其直接铺垫</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="103"/>
        <source>{0} tokens/s</source>
        <translation>{0} 词元/秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="106"/>
        <source>first token after {0} s</source>
        <translation>首个词元 {0} 秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="122"/>
        <source>Answer now</source>
        <translation>立即作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="123"/>
        <source>Keep thinking</source>
        <translation>继续思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="130"/>
        <source>Heat</source>
        <translation>热度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="132"/>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="133"/>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="134"/>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/status.py" line="145"/>
        <source>picture {0} × {1}, shown at {2} × {3}: {4} tokens</source>
        <translation>图片 {0} × {1}，以 {2} × {3} 显示：{4} 个词元</translation>
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
        <location filename="../../kimidesk/gui/widgets/spoken.py" line="50"/>
        <source>token {0} of {1}: {2}, probability {3}, entropy {4} nats</source>
        <translation>第 {0} 个词元，共 {1} 个：{2}，概率 {3}，熵 {4} nats</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/spoken.py" line="57"/>
        <source>in the formula {0}</source>
        <translation>位于公式 {0} 中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/spoken.py" line="69"/>
        <source>segment {0} of {1}: {2}</source>
        <translation>第 {0} 个片段，共 {1} 个：{2}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/spoken.py" line="73"/>
        <source>{0}, collapsed</source>
        <translation>{0}，已折叠</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/fold_lines.py" line="48"/>
        <location filename="../../kimidesk/gui/widgets/trace_paint.py" line="110"/>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/trace_paint.py" line="112"/>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/fold_lines.py" line="54"/>
        <location filename="../../kimidesk/gui/widgets/trace_paint.py" line="115"/>
        <source>1 token</source>
        <translation>1 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/fold_lines.py" line="56"/>
        <location filename="../../kimidesk/gui/widgets/trace_paint.py" line="116"/>
        <source>{0} tokens</source>
        <translation>{0} 词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/fold_lines.py" line="61"/>
        <source>1 sentence</source>
        <translation>1 句</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/fold_lines.py" line="63"/>
        <source>{0} sentences</source>
        <translation>{0} 句</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/widgets/folder.py" line="219"/>
        <source>{0} · {1} · confidence {2}</source>
        <translation>{0} · {1} · 置信度 {2}</translation>
    </message>
</context>
<context>
    <name>Tracks</name>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="20"/>
        <source>first token</source>
        <translation>首个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="21"/>
        <source>last token</source>
        <translation>末个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="22"/>
        <source>kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="23"/>
        <source>confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="24"/>
        <source>stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="25"/>
        <source>mean entropy, nats</source>
        <translation>平均熵，纳特</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="26"/>
        <source>forking tokens</source>
        <translation>分叉词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="27"/>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/tracks/sentences.py" line="28"/>
        <source>text</source>
        <translation>文本</translation>
    </message>
</context>
<context>
    <name>Trying</name>
    <message>
        <location filename="../../kimidesk/gui/solve/trying.py" line="70"/>
        <source>There is no trace.</source>
        <translation>没有轨迹。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/trying.py" line="72"/>
        <source>Wait until the trace has ended, or stop it.</source>
        <translation>请等轨迹结束，或停止它。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/trying.py" line="74"/>
        <source>Its server told no token ids: it cannot be gone on with.</source>
        <translation>其服务器没有给出词元编号：无法从中继续。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/trying.py" line="76"/>
        <source>The trace has no tokens.</source>
        <translation>轨迹没有词元。</translation>
    </message>
</context>
<context>
    <name>Typesetter</name>
    <message>
        <location filename="../../kimidesk/gui/typeset/typesetter.py" line="178"/>
        <source>formulas are shown as their source: {0}</source>
        <translation>公式以源码显示：{0}</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <location filename="../../kimidesk/gui/pictures/viewer.py" line="210"/>
        <source>{0} is being read</source>
        <translation>正在读取 {0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/viewer.py" line="234"/>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/viewer.py" line="235"/>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/viewer.py" line="236"/>
        <source>Fit</source>
        <translation>适合</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/viewer.py" line="236"/>
        <source>Fit the window</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/viewer.py" line="237"/>
        <source>One pixel for one</source>
        <translation>原始大小</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/pictures/viewer.py" line="243"/>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>Weight</name>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="97"/>
        <source>{0} of {1} done, {2} tokens</source>
        <translation>已完成 {0} / {1}，{2} 个词元</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="121"/>
        <source>The grader failed at {0}; weigh again to judge them.</source>
        <translation>有 {0} 个答案评分失败；再次衡量即可重新评分。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="127"/>
        <source>HOW MUCH A SENTENCE DECIDES</source>
        <translation>一句话起多大作用</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="129"/>
        <source>Price</source>
        <translation>代价</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="131"/>
        <source>Forced</source>
        <translation>强制</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="132"/>
        <source>Short</source>
        <translation>短程</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="133"/>
        <source>Full</source>
        <translation>完整</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="137"/>
        <source>The answer is forced before and after the sentence</source>
        <translation>在这句话之前和之后强制作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="138"/>
        <source>Some sentences are drawn, then the answer is forced</source>
        <translation>先生成几句话，再强制作答</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="139"/>
        <source>The trace is drawn to its end: the dearest</source>
        <translation>一直生成到结束：代价最大</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="145"/>
        <source>&amp;Rollouts</source>
        <translation>续写次数(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="146"/>
        <source>From before the sentence, and as many from after it</source>
        <translation>从这句话之前开始的次数，之后也一样多</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="149"/>
        <source>Sen&amp;tences</source>
        <translation>句数(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="150"/>
        <source>Drawn before the answer is forced</source>
        <translation>强制作答前生成的句数</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="154"/>
        <source>What this rollout said</source>
        <translation>这次续写的内容</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="155"/>
        <source>How much the sentence decides</source>
        <translation>这句话起多大作用</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="156"/>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="157"/>
        <source>How much a sentence decides</source>
        <translation>一句话起多大作用</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="170"/>
        <source>Click a token of the sentence that is to be weighed.</source>
        <translation>请点击要衡量的句子中的一个词元。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="172"/>
        <source>{0}: “{1}” is no value it can have</source>
        <translation>{0}：不能取值“{1}”</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="180"/>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="180"/>
        <source>&amp;Weigh</source>
        <translation>衡量(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="182"/>
        <source>Weigh this sentence</source>
        <translation>衡量这句话</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="184"/>
        <source>What has come is kept</source>
        <translation>已得到的会保留</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="198"/>
        <source>(nothing was drawn)</source>
        <translation>（没有生成内容）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="202"/>
        <source>No answer is expected and the trace has none: answers are counted alone.</source>
        <translation>没有预期答案，轨迹也没有答案：只统计各答案。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="206"/>
        <source>Right means {0}, as the trace answered: none is expected.</source>
        <translation>“正确”指 {0}，即轨迹自己的答案：没有预期答案。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="208"/>
        <source>Right means {0}.</source>
        <translation>“正确”指 {0}。</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="247"/>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="249"/>
        <source>Right answers where the sentence may be another one</source>
        <translation>句子可以换掉时的正确答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="252"/>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="254"/>
        <source>Right answers where the sentence stands</source>
        <translation>保留句子时的正确答案</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="257"/>
        <source>Importance</source>
        <translation>重要性</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="259"/>
        <source>After less before (resampling importance, Thought Anchors)</source>
        <translation>之后减之前（重采样重要性，Thought Anchors）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="265"/>
        <source>Counterfactual</source>
        <translation>反事实</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="267"/>
        <source>After less those from before that say something else</source>
        <translation>之后减去之前开始而说法不同者</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="270"/>
        <source>Different</source>
        <translation>说法不同</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="272"/>
        <source>How many from before say something else</source>
        <translation>之前开始者中说法不同的有多少</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="293"/>
        <source>Before: {0}</source>
        <translation>之前：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="294"/>
        <source>After: {0}</source>
        <translation>之后：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="298"/>
        <source>KL of the answers {0} nats ({1} … {2})</source>
        <translation>答案的 KL 散度 {0} 奈特（{1} … {2}）</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/lab/weight.py" line="301"/>
        <source>{0} came to nothing</source>
        <translation>{0} 次没有结果</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/weighing.py" line="35"/>
        <source>Weight</source>
        <translation>分量</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <location filename="../../kimidesk/gui/window.py" line="346"/>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/window.py" line="349"/>
        <source>&lt;h3&gt;KimiDesk {0}&lt;/h3&gt;&lt;p&gt;A desktop microscope for reasoning models.&lt;/p&gt;&lt;p&gt;Every probability and entropy comes from the full vocabulary of the step that drew the token; what a server tells of a part is shown as bounds. Nothing leaves this machine unless you open a server.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;KimiDesk {0}&lt;/h3&gt;&lt;p&gt;推理模型的桌面显微镜。&lt;/p&gt;&lt;p&gt;每个概率和熵都来自采样该词元那一步的完整词表；服务器只告知一部分时，显示其上下界。除非您打开服务器，否则任何内容都不会离开本机。&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/window.py" line="356"/>
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
        <location filename="../../kimidesk/gui/solve/words.py" line="50"/>
        <source>waiting for the checkpoint</source>
        <translation>等待检查点</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="52"/>
        <source>waiting for its turn</source>
        <translation>等待轮到它</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="54"/>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="58"/>
        <source>grading</source>
        <translation>评分中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="60"/>
        <source>drawing {0} tokens again, {1} %</source>
        <translation>正在重新生成 {0} 个词元，{1} %</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="63"/>
        <location filename="../../kimidesk/gui/solve/words.py" line="65"/>
        <source>thinking</source>
        <translation>思考中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="63"/>
        <location filename="../../kimidesk/gui/solve/words.py" line="65"/>
        <source>answering</source>
        <translation>回答中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="66"/>
        <source>reading the problem</source>
        <translation>读题中</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="72"/>
        <source>found: {0}</source>
        <translation>找到：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="73"/>
        <source>expected: {0}</source>
        <translation>期望：{0}</translation>
    </message>
    <message>
        <location filename="../../kimidesk/gui/solve/words.py" line="74"/>
        <source>method: {0}</source>
        <translation>方法：{0}</translation>
    </message>
</context>
</TS>
