/** Words of accounts, payments, contracts and of service itself, in the same form as the words of goods. */
export const SERVICE = `
account: 账号 账户 帐号 帐户 户头 个人资料 用户 资料 | account, profile, user account, my login
signin: 登录 登陆 登不上 登不进 登不了 进不去 登入 登录不了 登录失败 登不 登陆不 登录不 进不了 | log in, login, sign in, signin, log on, access my account, get into my account, locked out, logged out, get in, cannot get in, get into, login not, my login, cannot access, access account, log back in
signup: 注册 开户 新用户 开个账号 申请账号 | register, sign up, signup, create..account, open..account, new customer, become..customer, join
password: 密码 口令 密码忘 忘密码 改密码 重置密码 改密 找回密码 密码错 密码不对 | password, passcode, passphrase, pin, pin code, pin number, credentials, reset link, recover, password not, login details, my login, reset pw, pw, change my password
forgot: 忘记 忘了 想不起 不记得 记不得 遗忘 忘 丢了密码 | forgot, forget, forgotten, not remember, lost password, cannot remember
locked: 锁住 锁定 冻结 被封 封号 解锁 解冻 限制登录 被锁 封了 锁了 停用了 | locked, blocked, suspended, frozen, disabled account, unlock, banned, deactivated, locked out, account locked
verify: 验证码 校验码 动态码 短信码 收不到短信 短信收不到 短信 | verification code, security code, sms code, otp, confirmation code, one time code, not received the code, code never, no code
twofa: 两步验证 双重认证 双重验证 二次验证 验证器 动态码 | two factor, 2fa, two step, authenticator, mfa, recovery code, multi factor
identity: 实名 认证 身份证 身份验证 证件 人脸 刷脸 | identity, verify..identity, id card, identification, kyc, passport, proof of identity
phoneno: 手机号 手机号码 电话号码 绑定手机 绑定的手机 预留手机 换绑 联系电话 换号 号码换 手机换 旧手机号 换了手机 换手机 换了新号 新号码 原来的号码 旧号 号码停 手机号停 换电话 停用了的号 | phone number, mobile number, cell number, telephone number, new number, change..number, new phone, old number, different number, number changed, changed my number, update my phone, update phone, lost my phone
email: 邮箱 电子邮件 邮件地址 邮箱地址 邮箱号 | email, e mail, mail address, email address, new email, different email, different mail, change email, update email, wrong email
deleteaccount: 注销 销户 删除账号 删除账户 删账号 删号 销号 注销账号 注销账户 不想用这个号 号不想用 关闭账户 关闭账号 删除..账号 账号..删 号注销 永久删除 把账号去掉 去掉账号 不用你们平台 资料删 删..资料 删掉资料 清除数据 账号删 删除资料 销掉 不想用了 取消账号 取消账户 | delete..account, close..account, deactivate..account, remove..account, terminate..account, erase..data, delete..data, remove..data, delete..information, remove..information, end my account, get rid of my account, gdpr, right to be forgotten, leave your bank, account gone, remove my profile, stop storing, delete..profile, cancel my account, cancel account, account closure, no longer want..account, get rid of..account, erase my information, forget me, delete me
privacy: 隐私 个人信息 信息安全 数据保护 泄露 信息 | privacy, personal data, personal information, data protection, my information, my data, storing
change: 修改 更改 变更 改一下 能改 改成 更换 更新 更正 怎么改 改掉 换一下 想改 要改 可以改 能换 可以换 怎么换 想换 要换 改为 编辑 调整 填错 写错 错了 | change, edit, update, modify, correct, alter, adjust, amend, switch, wrong, fix, different, another
wrongdata: 填错 写错 输错 错误 打错 选错 错了 少打 | wrong, incorrect, mistake, typo, misspelled, misspelt, mistyped, error, typed wrong
name: 名字 姓名 名称 乘机人 旅客 | name, surname, first name, last name, passenger name
payment: 分期 付款 支付 付钱 结账 买单 付款方式 支付方式 支付宝 微信支付 微信付 微信能付 花呗 银行卡付 货到付款 到付 现金 刷卡 信用卡付 怎么付 付款失败 付不 货到 信用卡 | pay, payment, checkout, paypal, apple pay, google pay, cash, pay by card, payment method, payment option, pay with, pay later, installment, credit card, cash on delivery, cod, visa card, mastercard, amex, alipay, wechat pay, accept..card, take..card, klarna, checking out, instalment, take visa, accept visa, visa card, cards, afterpay, which cards, declined
paymethod: 付款方式 支付方式 支付宝 微信支付 微信付 微信能付 花呗 货到付款 到付 用现金 刷卡 刷信用卡 哪些支付 怎么付款 怎么付 能用..付 支不支持分期 分期 支持什么付 支持哪些付 用什么付 能不能刷 现金付 | payment method, payment methods, payment option, payment options, way to pay, ways to pay, pay with, pay by, pay using, accept paypal, apple pay, google pay, cash on delivery, how can i pay, do you take, do you accept, amex, klarna, cash, take visa, accept visa, visa card, mastercard, which cards, cards do you accept, instalment, installment, ways of paying, is cash, accept card, accept credit, take card, take cards, pay cash, bank transfer, on account, pay on delivery, payment types
payfail: 支付失败 付款失败 付不了 付不了款 无法支付 付款不成功 扣款失败 支付不了 支付不成功 交易失败 一直失败 支付不 付不出 付不上 交不了钱 | payment failed, payment declined, card declined, payment rejected, payment not go through, cannot pay, payment error, pay..not work, card..rejected, not..go through, not accepted, not accept my card, payment not working, cannot complete, payment keeps failing, transaction failed, card is not working, declined, payment problem
installment: 分期 分期付款 月供 期付 免息 | installment, instalment, pay later, pay in parts, monthly payment, split..payment
doublecharge: 重复扣款 多扣 扣了两次 扣两次 重复支付 多付 付了两次 重复付款 乱扣 扣错 多收 扣了我 乱收费 错扣 扣款不对 收费不对 扣费不对 扣了两 两次钱 两遍 重复付 付重 | double charge, charged twice, billed twice, charged two times, double billed, duplicate charge, overcharged, charged too much, two charges, paid twice, extra charge, wrong charge, unexpected charge, unexpected charges, twice, unknown charge, extra..on my bill, two times, two payments, took the money, took money, billed two times, duplicate payment, charged me again, double payment, charged..again, two transactions, same order twice
charge: 扣款 扣费 扣钱 收费 收钱 费用 手续费 年费 管理费 服务费 扣了 | charge, charged, fee, fees, cost, debit, deduct, deducted, surcharge
fraud: 盗刷 被骗 诈骗 不是我..刷 陌生扣款 不认识的交易 盗用 可疑 被盗 | fraud, scam, unauthorised, unauthorized, not recognise, not recognize, not make, hacked, stolen card, phishing, suspicious, someone used, unknown transaction, unknown payment
invoice: 发票 开票 专票 普票 开个票 要票 票据 收据 报销 凭证 抬头 税号 行程单 电子票 小票 增值税 报账 开发票 索取发票 发票抬头 发票没 补票 票 专用发票 | invoice, receipt, bill, vat, tax invoice, proof of purchase, tax receipt, billing history, expenses, billing document, bill for, proof of payment, for tax, tax purposes, receipts, invoices, copy of my
billing: 账单 话费单 对账 明细 月结 | bill, billing, bills, invoice amount, charges, billing statement
statement: 流水 交易明细 交易记录 对账单 账单明细 银行流水 转账记录 | statement, statements, transaction history, transactions, account history, bank statement
balance: 余额 还剩多少 话费查询 查话费 剩余 还有多少 | balance, remaining, how much credit, left on my, whats left, credit left
topup: 充值 充话费 交话费 缴费 续费 充钱 充点 交费 欠费 停机 | top up, topup, recharge, add credit, add funds, add money, pay my phone bill, reload, refill
wallet: 钱包 零钱 提现 取现 取钱 | wallet, withdraw, withdrawal, cash out, payout
transfer: 转账 汇款 转钱 打款 转给 打钱 转的钱 转错 打给 转不了 汇钱 | transfer, wire, send money, sent money, remittance, send..payment, international payment, sent..to the wrong, iban
limit: 限额 额度 上限 最多 限制 | limit, maximum, max, cap, how much can i, allowance, restriction
loan: 贷款 借钱 借款 借点 能贷 信用贷 房贷 按揭 | loan, borrow, credit for, mortgage, lend, financing
repayment: 还款 还清 还信用卡 怎么还 账单怎么还 自动还款 还贷 最低还款 | repayment, pay off, pay..card bill, pay my credit card, repay, direct debit, automatic payment, card balance
overdue: 逾期 晚还 忘记还 忘还 征信 罚息 滞纳金 | overdue, late payment, missed payment, late fee, penalty, credit score
card: 银行卡 信用卡 借记卡 储蓄卡 卡片 的卡 | card, debit card, credit card, bank card
lostcard: 挂失 卡丢 卡被偷 卡不见 卡找不到 补卡 补办 丢了卡 卡掉 掉了卡 丢卡 | lost card, card..lost, card..stolen, stolen, block..card, freeze..card, cannot find..card, replace..card, replacement card, lost my card, took my wallet, missing card, lost my wallet, sim..lost, lost..sim, new sim
atm: 取款机 自动取款 吞卡 提款机 | atm, cash machine, cashpoint
interest: 利息 利率 年化 | interest, apr, interest rate
bindcard: 绑卡 绑定银行卡 添加银行卡 解绑 | add..card, link..card, save..card, remove..card, bind
subscription: 订阅 包月 包年 自动续费 连续包月 会员费 套餐 续订 增值业务 业务 合约 | subscription, subscribe, plan, membership fee, contract, recurring, tariff, package plan
stopsub: 取消订阅 退订 取消续费 取消自动续费 关闭自动续费 不再续费 停止续费 关掉自动 取消套餐 停止订阅 取消会员 不想续 关掉..业务 不要..包 停止扣费 停掉 不续 | unsubscribe, cancel..subscription, cancel..plan, stop renewal, not renew, stop paying, end..contract, cancel..contract, cancel..membership, terminate..contract, terminate, quit, turn off auto renew, opt out, give notice, stop charging, stop my plan, end my subscription, stop subscription, no longer subscribe
renew: 续费 续期 自动扣费 续约 延长 | renew, renewal, auto renew, extend, renewed
upgrade: 升级 升到 换高 升档 付费版 专业版 企业版 扩容 | upgrade, bigger plan, pro version, higher plan, paid plan, go pro, premium plan
downgrade: 降级 降档 换便宜 降套餐 便宜的套餐 套餐太贵 | downgrade, lower plan, cheaper plan, smaller plan, too expensive
changeplan: 升级 降级 升档 降档 换套餐 改套餐 变更套餐 更改套餐 套餐变更 更改资费 换资费 | upgrade, downgrade, change..plan, switch..plan, change..package, switch..tariff, different plan, change..tariff
trial: 试用 体验 免费版 试一下 试用期 | trial, free trial, try, test..first, demo version, free version
free: 免费 不收费 不要钱 | free, free of charge, no cost
data: 流量 流量包 加油包 网速 | mobile data, data pass, data allowance, data plan, out of data, more data, extra data, gigs, gb, buy data, data used up
signal: 信号 没信号 断线 掉线 打不了电话 通话 | signal, coverage, reception, no bars, no service, calls drop, dropping calls, make calls
network: 网络 宽带 断网 上不了网 没网 连不上 无线 光猫 路由器 上网 | internet, broadband, wifi, network, router, connection, wi fi, online
sim: 手机卡 电话卡 卡坏 | sim, sim card
roaming: 漫游 国外打电话 境外上网 国外上网 出国用 | roaming, roam, use my phone abroad, phone..abroad
portnumber: 携号转网 转网 号码不变 保留号码 转到别家 | port, keep..number, bring..number, transfer..number, number portability, switch provider
move: 搬家 移机 迁移 换地址装 | move, moving, relocate, moved
voicemail: 语音信箱 留言信箱 彩铃 | voicemail, mailbox, answerphone, answering machine
invite: 邀请 添加成员 加人 加进来 拉人 新成员 添加用户 | invite, add..member, add..user, add..colleague, add..teammate, more seats, add people, teammates, coworkers
removeuser: 移除成员 删除成员 踢出 离职 移除用户 删掉他 | remove..member, delete..user, remove..user, kick, offboard, take away..access, left the company
permission: 权限 管理员 角色 查看者 只能看 没有权限 访问控制 授权 | permission, permissions, role, admin, administrator, access rights, viewer, read only, restrict, who can see
export: 导出 下载数据 备份 全部下载 存成 | export, backup, back up, download..data, get..data out, save everything, download all
import: 导入 上传 批量导入 搬过来 | import, upload, migrate, move over, bring in, csv upload
restore: 恢复 找回 误删 回收站 撤销删除 删错 | restore, recover, undelete, deleted by mistake, trash, recycle bin, get back deleted
api: 接口 开发者 密钥 对接 集成 | api, integration, integrate, developer, webhook, api key, access token, sdk
download: 下载 软件下载 下载应用 | download
app: 应用 客户端 软件 小程序 | app, application, mobile app
crash: 闪退 崩溃 卡顿 打不开 报错 白屏 加载不出 | crash, crashes, freezes, not load, not open, error message, bug, glitch
ticket: 机票 车票 门票 票 退票 | ticket, fare
refundticket: 退票 退机票 票退 退..票 机票退 | refund..ticket, cancel..flight, cancel..ticket, cancel..trip, not travel anymore
rebook: 改签 改期 改日期 换航班 改时间 换一班 | rebook, reschedule, change..flight, change..date, different date, move..trip, later flight, postpone, change the time
flight: 航班 飞机 航空 起飞 | flight, plane, airline, fly
baggage: 行李 箱子 托运 手提 行李箱 | baggage, luggage, suitcase, carry on, hand luggage, checked bag, bags
lostbag: 行李丢 行李没到 行李找不到 | lost..luggage, lost..baggage, lost bag, luggage..missing, suitcase..missing, bag..lost, luggage..not arrive, where..my bag
checkin: 值机 选座 登机牌 选座位 座位 | check in online, online check in, boarding pass, choose..seat, seat, checkin online, seat selection
hotel: 酒店 房间 客房 旅馆 民宿 订房 宾馆 | hotel, room, accommodation, stay
booking: 预订 预约 预定 订位 订房 | booking, reservation, book, reserve, appointment
stayhours: 入住时间 几点入住 退房 几点退房 办理入住 早点入住 | check in time, check out, check out time, early check in, late checkout, leave the room, get into my room, checkout time
breakfast: 早餐 早饭 含早 | breakfast
visa: 签证 入境 | visa, entry requirements, enter the country
pickup: 接机 接送 送机 | airport transfer, airport pickup, shuttle, pick me up
child: 儿童 小孩 宝宝 孩子 婴儿 小朋友 | child, children, kid, kids, baby, infant, toddler
pet: 宠物 猫 狗 | pet, dog, cat, pets, animal
parking: 停车 车位 | parking, car park, park my car
compensate: 赔偿 补偿 赔付 赔钱 赔 理赔 | compensation, compensate, claim, make up for, get something for
hours: 几点上班 几点下班 上班时间 营业时间 工作时间 服务时间 几点开门 几点关门 几点休息 开门吗 有人吗 客服在 客服时间 什么时候上班 在线时间 节假日 周末 营业 下班 上班 开门 关门 周六 周日 星期天 几点有人 有人值班 值班 过年 放假 晚上有 春节 多晚 几点到几点 24小时 全天 上班吗 有客服 | opening hours, business hours, working hours, opening times, hours, open on, are you open, are you closed, what time do you, support hours, when are you, office hours, closing time, hours of operation, when is support, open at, weekend, holidays, on saturday, on sunday, saturdays, sundays, are you there, weekdays, when do you open, when do you close, open late, 24 7, opening, closing, service hours, available hours, talk to someone
contact: 联系 客服 人工 电话 联系方式 热线 怎么找你们 打给你们 在线客服 联系客服 打电话 客服电话 | contact, customer service, support, reach you, phone number for, call you, hotline, helpdesk, get in touch, customer support, speak to, someone, chat with, talk to someone, human, live chat, get help, help line, reach someone
lost: 丢 丢了 丢失 弄丢 遗失 不见了 找不到了 | lost, lose, missing, cannot find
moneyarrive: 什么时候到账 什么时候能到账 多久到账 多久能到账 几天到账 几天能到账 何时到账 多长时间到账 何时能到账 到账 到帐 入账 收到钱 钱到 钱没到 到了没 | money arrive, money there, not there yet, arrive..account, pending, cleared, land..account
send: 寄 寄送 邮寄 发送 | send, mail, post
complain: 投诉 举报 态度 差劲 不满意 不满 骂人 服务差 投诉电话 差评 | complaint, complain, rude, unhappy, dissatisfied, report..driver, bad service, terrible, make a complaint, unacceptable, angry
apply: 申请 办理 提交 手续 流程 | apply, application, request, submit, claim, procedure, process
document: 材料 资料 文件 证明 | document, documents, paperwork, papers, certificate, proof
condition: 条件 要求 资格 | requirement, requirements, condition, eligible, eligibility, qualify
terms: 条款 协议 规则 政策 | terms, policy, rules, agreement, conditions
expire: 过期 有效期 到期 失效 | expire, expired, expiry, expiration, valid, validity
invalid: 用不了 不能用 不能使用 无效 没反应 失败 不可用 无法使用 使用不了 不生效 不对 没用 不管用 报错 | invalid, not work, not working, not applied, not accepted, not apply, fails, failed, not valid, rejected, not being applied, error, declined, not go through, will not, does not
use: 使用 怎么用 在哪用 在哪里用 哪里用 用在 兑换 使用方法 用掉 | use, redeem, apply, spend, enter
add: 添加 增加 新增 加上 合并 | add, extra, additional, combine, merge
status: 进度 状态 处理到哪 审核 | status, progress, pending, update on
unsubscribe: 不要再发 别发 垃圾短信 退订短信 广告短信 推送 | newsletter, too many emails, stop emails, ads, marketing emails, spam, stop sending, promotional emails, emails from you, mailing list
when: 什么时候 多久 几天 几时 何时 多长时间 要多久 几点 啥时候 多少天 | when, how long, how many days, how soon, what time, time frame, how fast
where: 哪里 在哪 哪儿 什么地方 到哪 去哪 | where, location
howmuch: 多少钱 多少 几块 几元 | how much, how many
why: 为什么 为何 怎么会 原因 怎么没 | why, reason, how come
`;

/**
 * What people say to try a machine, or ask the world: said of nothing that any service sells. Counts only where the knowledge
 * base has no such word.
 */
export const ELSEWHERE = `
elsewhere: 天气 下雨 气温 笑话 故事 唱歌 唱首歌 聊天 陪我 作文 写诗 写一 股票 股市 黄金 基金推荐 新闻 比赛 世界杯 电影 电视剧 明星 菜谱 做菜 怎么做饭 景点 旅游攻略 数学 等于几 星期几 几岁 多大了 叫什么名字 机器人吗 喜欢什么 你喜欢 人生 爱情 男朋友 女朋友 结婚 减肥 感冒 看病 头疼 医生 编程 翻译 怎么读 招聘 面试 应聘 简历 加盟 总统 首都 历史 人口 世界上 宇宙 附近有 好吃 餐厅 游戏 音乐 歌 小说 作业 考试 大学 星座 运势 彩票 油价 停车 吃什么 晚饭 午饭 早饭 做饭 红烧 炒菜 煮饭 英语 学习 学英语 加油站 几号 今天几 男的女 男生还是 女生还是 你是谁 你是男 你是女 鬼 月亮 恋爱 失恋 心情 难过 无聊 孤独 讲个 讲故事 跳舞 画画 诗 写代码 代码 总理 皇帝 战争 恐龙 太阳 地球 火星 月球 多远 路线 地铁 公交 火车站 怎么走 珠穆朗玛 长江 多高 最高 最大的 最长的 谁发明 谁写 谁是 为什么天 星星 外星人 上帝 宗教 政治 选举 足球 篮球 奥运 冠军 健身 跑步 瑜伽 睡不着 失眠 做梦 头痛 发烧 吃药 中医 养生 孩子取名 取名 成语 造句 背诵 古诗 论文 数学题 算一下 计算 加减 乘以 除以 平方 彩礼 房价 买房 租房 工资 找工作 考研 高考 驾照 违章 养猫 养狗 种花 钓鱼 旅游 去哪玩 门票 电视 综艺 动漫 追星 聊聊 陪聊 讲笑话 脑筋急转弯 谜语 今天周几 | weather, joke, poem, song, sing, music, movie, film, recipe, cook, bake, news, sports, football, soccer, world cup, president, capital of, history, who won, who is, who was, who are you, who invented, who wrote, meaning of life, are you human, are you a robot, are you real, your name, how old, how tall, planet, stocks, invest, bitcoin, homework, translate, language, lose weight, calories, doctor, medicine, favourite, favorite, hiring, job openings, job, career, jobs, restaurant, restaurants, mountain, ocean, math, plus, girlfriend, boyfriend, love, marry, horoscope, lottery, election, war, dinosaur, game, games, python, programming, novel, story, funny, hobby, speed of light, ceo, stock price, vacation spots, sponsor, moon, mars, planet, planets, sun, galaxy, alien, aliens, ghost, ghosts, god, religion, politics, piano, guitar, learn, teach, book, books, pasta, rice, chicken, cake, tyre, tire, engine, essay, poetry, tokyo, paris, london, peru, population, train my, puppy, garden, plant, plants, fishing, exercise, yoga, gym, running, marathon, olympics, basketball, tennis, chess, riddle, riddles, joke, jokes, laugh, dream, dreams, sleep, headache, fever, cold remedy, pregnancy, therapist, lawyer, divorce, taxes, salary, interview, resume, university, exam, physics, chemistry, biology, equation, square root, times, divided, minus, multiply, calculate, distance, how far, how deep, how high, highest, tallest, longest, fastest, oldest, largest, died, born, king, queen, prime minister, senator, government, hamlet, shakespeare, painting, painter, museum, concert, celebrity, actor, actress, singer, band, episode, season, netflix, alarm, alarms, timer, remind me, calendar, appointment, event, events, bus, train, taxi, flights, hotel room, dentist, savings, checking account, nearby, attraction, sightseeing, hello kitty
greeting: 你好 您好 在吗 在不在 谢谢 感谢 早上好 晚上好 再见 拜拜 嗨 哈喽 好的 嗯 | hello, hi, hey, thanks, thank you, good morning, good evening, good afternoon, bye, goodbye, ok, okay
`;
