// Curator's recipes by command, one line each on standard input, so that another program can let them happen step by step
// beside other clients:   java Curator CONNECT
//
//   open NAME                     a client of its own
//   mutex|read|write NAME PATH    acquire that lock of PATH (InterProcessMutex, InterProcessReadWriteLock)
//   semaphore NAME PATH LEASES    acquire a lease (InterProcessSemaphoreV2)
//   latch|selector NAME PATH      would lead (LeaderLatch, LeaderSelector with autoRequeue)
//   barrier NAME PATH MEMBERS     enter (DistributedDoubleBarrier)
//   release NAME                  give back what it acquired last; a selector that leads queues again
//
// Answers "NAME WORD" when a command is done; what has to wait answers when its turn has come.
import java.io.*;
import java.util.*;
import java.util.concurrent.*;
import org.apache.curator.framework.*;
import org.apache.curator.framework.recipes.barriers.*;
import org.apache.curator.framework.recipes.leader.*;
import org.apache.curator.framework.recipes.locks.*;
import org.apache.curator.retry.*;

public class Curator {
    interface Giving { void back() throws Exception; }

    static final Map<String, CuratorFramework> clients = new ConcurrentHashMap<>();
    static final Map<String, Deque<Giving>> held = new ConcurrentHashMap<>();
    static final Map<String, InterProcessReadWriteLock> locks = new ConcurrentHashMap<>();
    // A mutex belongs to the thread that acquired it.
    static final Map<String, ExecutorService> threads = new ConcurrentHashMap<>();

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.trim().split(" ");
            ExecutorService thread = threads.computeIfAbsent(words[1], name -> Executors.newSingleThreadExecutor());
            thread.execute(() -> {
                try {
                    perform(args[0], words);
                    say(words[1], words[0]);
                } catch (Exception error) {
                    say(words[1], "failed " + error);
                }
            });
        }
        System.exit(0);
    }

    static synchronized void say(String name, String word) {
        System.out.println(name + " " + word);
        System.out.flush();
    }

    static void perform(String connect, String[] words) throws Exception {
        String what = words[0], name = words[1], path = words.length > 2 ? words[2] : null;
        CuratorFramework client = clients.get(name);
        Deque<Giving> own = held.computeIfAbsent(name, any -> new ArrayDeque<>());
        switch (what) {
            case "open":
                client = CuratorFrameworkFactory.builder().connectString(connect).sessionTimeoutMs(8000)
                    .connectionTimeoutMs(8000).retryPolicy(new ExponentialBackoffRetry(1000, 3)).build();
                client.start();
                if (!client.blockUntilConnected(10, TimeUnit.SECONDS)) throw new IOException("not connected");
                clients.put(name, client);
                break;
            case "mutex":
                acquire(new InterProcessMutex(client, path), own);
                break;
            case "read":
                acquire(both(name, client, path).readLock(), own);
                break;
            case "write":
                acquire(both(name, client, path).writeLock(), own);
                break;
            case "semaphore":
                InterProcessSemaphoreV2 semaphore = new InterProcessSemaphoreV2(client, path, Integer.parseInt(words[3]));
                Lease lease = semaphore.acquire();
                own.push(() -> semaphore.returnLease(lease));
                break;
            case "latch":
                LeaderLatch latch = new LeaderLatch(client, path, name);
                latch.start();
                own.push(latch::close);
                break;
            case "selector":
                LeaderSelector selector = select(client, path);
                own.push(new Giving() {
                    @Override
                    public void back() {
                        if (selector.hasLeadership()) {
                            selector.interruptLeadership();
                            own.push(this);
                        } else {
                            selector.close();
                        }
                    }
                });
                break;
            case "barrier":
                DistributedDoubleBarrier barrier = new DistributedDoubleBarrier(client, path, Integer.parseInt(words[3]));
                barrier.enter();
                own.push(barrier::leave);
                break;
            case "release":
                own.pop().back();
                break;
            default:
                throw new IllegalArgumentException(what);
        }
    }

    // Its readers know of its writers by the object.
    static InterProcessReadWriteLock both(String name, CuratorFramework client, String path) {
        return locks.computeIfAbsent(name + path, any -> new InterProcessReadWriteLock(client, path));
    }

    static void acquire(InterProcessLock lock, Deque<Giving> own) throws Exception {
        lock.acquire();
        own.push(lock::release);
    }

    static LeaderSelector select(CuratorFramework client, String path) {
        LeaderSelector selector = new LeaderSelector(client, path, new LeaderSelectorListenerAdapter() {
            @Override
            public void takeLeadership(CuratorFramework any) throws Exception {
                new CountDownLatch(1).await();
            }
        });
        selector.autoRequeue();
        selector.start();
        return selector;
    }
}
