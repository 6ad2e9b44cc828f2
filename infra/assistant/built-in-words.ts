/**
 * Words that are refused until `KEFU_SENSITIVE_WORDS` names another list: a few that hardly any shop wants to answer. Kept
 * to what has no innocent reading; a platform knows best what its own customers may not be told.
 */
export const builtInWords: readonly string[] = `
fuck
fucks
fucked
fucker
fuckers
fucking
motherfucker
motherfuckers
motherfucking
cunt
cunts
asshole
assholes
bullshit
bitch
bitches
whore
slut
nigger
niggers
faggot
faggots
kill yourself
go kill yourself
child porn
child pornography
buy cocaine
buy heroin
counterfeit money
money laundering
操你妈
肏你妈
草泥马
傻逼
傻屄
狗娘养的
婊子
贱货
死全家
色情网站
裸聊
约炮
嫖娼
招嫖
网络赌博
赌博网站
澳门赌场
六合彩
时时彩
冰毒
海洛因
摇头丸
迷奸药
代开发票
代開發票
办假证
辦假證
假币
假幣
洗钱
洗錢
枪支弹药
槍支彈藥
`
  .trim()
  .split('\n');
