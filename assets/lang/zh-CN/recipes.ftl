# Recipes: what clients do with ZooKeeper's operations to lock, elect, count and wait.

recipe-HerdLock = 以羊群方式锁 { $path }
recipe-FairLock = 排队锁 { $path }
recipe-Lock = 锁 { $path }
recipe-RevocableLock = 锁 { $path }，可应要求归还
recipe-SharedRead = 对 { $path } 加读锁
recipe-SharedWrite = 对 { $path } 加写锁
recipe-ReadLock = 对 { $path } 加读锁
recipe-WriteLock = 对 { $path } 加写锁
recipe-Latch = 用 latch 竞选 { $path }
recipe-Selector = 轮流担任 { $path } 的 leader
recipe-Store = 充当集群之外的存储
recipe-Revoke = 要求收回锁 { $path }
recipe-Release = 归还 { $path }

kind-HerdLock = 所有人都监听的锁
kind-FairLock = 排队的锁
kind-Lock = Curator 互斥锁
kind-RevocableLock = Curator 互斥锁（可撤销）
kind-SharedRead = 共享锁（读）
kind-SharedWrite = 共享锁（写）
kind-ReadLock = Curator 读锁
kind-WriteLock = Curator 写锁
kind-Latch = LeaderLatch
kind-Selector = LeaderSelector
kind-Store = 存储
kind-Revoke = 撤销
kind-Release = 归还

standing-Asking = 请求中
standing-Waiting = 等待
standing-Holding = 持有
standing-Doubting = 存疑
standing-Leaving = 离开中
standing-Done = 完成
standing-Failed = 失败
