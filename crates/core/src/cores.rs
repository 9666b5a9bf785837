//! Work over long columns, spread over the cores.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::Mutex;
use std::thread::{available_parallelism, scope, Builder};

/// Fewer rows are read before another thread has begun.
const LEAST: usize = 1 << 16;
/// More threads than these wait for the memory.
const MOST: usize = 8;

/// How many threads pay for so many rows.
pub(crate) fn threads_for(rows: usize) -> usize {
    let most = MOST.min(rows / LEAST);
    if most > 1 {
        cores().min(most)
    } else {
        1
    }
}

/// How many cores there are; asked once, since the answer takes as long as a thread.
fn cores() -> usize {
    // Not a lock, which a process that forks in the wrong moment would leave shut.
    static KNOWN: AtomicUsize = AtomicUsize::new(0);
    if KNOWN.load(Relaxed) == 0 {
        KNOWN.store(available_parallelism().map_or(1, NonZero::get), Relaxed);
    }
    KNOWN.load(Relaxed)
}

/// Does every job, on the thread that calls and as many more as make so many; results are in the order of the jobs.
///
/// The threads are new ones and end here, so that it works in a forked process, which inherits no pool. Each takes the
/// next job when it is done with one, so that a core that is busy otherwise keeps nobody waiting.
pub(crate) fn each<J: Send, T: Send>(threads: usize, jobs: Vec<J>, work: impl Fn(J) -> T + Sync) -> Vec<T> {
    let others = threads.min(jobs.len()).saturating_sub(1);
    let queue = Mutex::new(jobs.into_iter().enumerate());
    // No thread panics while it takes a job, so the queue is always to be had.
    let next = || queue.lock().ok()?.next();
    let worker = || std::iter::from_fn(next).map(|(at, job)| (at, work(job))).collect::<Vec<_>>();
    let mut done = scope(|scope| {
        // Where the system gives no thread, there is one less.
        let others: Vec<_> = (0..others).map_while(|_| Builder::new().spawn_scoped(scope, worker).ok()).collect();
        let mut done = worker();
        for thread in others {
            done.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|&(at, _)| at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_stay_on_one_thread() {
        assert_eq!(threads_for(2 * LEAST - 1), 1);
        assert!((1..=MOST).contains(&threads_for(usize::MAX)));
    }

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        for threads in [0, 1, 2, 5, 50] {
            for jobs in [0, 1, 2, 30] {
                let squares = each(threads, (0..jobs).collect(), |job| job * job);
                assert_eq!(squares, (0..jobs).map(|job| job * job).collect::<Vec<i32>>());
            }
        }
    }

    #[test]
    fn jobs_may_write_to_parts_of_one_column() {
        let mut column = vec![0; 1_000];
        each(3, column.chunks_mut(7).collect(), |part| part.fill(1));
        assert_eq!(column, vec![1; 1_000]);
    }

    #[test]
    fn a_panic_in_any_job_reaches_the_caller() {
        for bad in [0, 29] {
            let work = |job: i32| assert_ne!(job, bad);
            assert!(std::panic::catch_unwind(|| each(3, (0..30).collect(), work)).is_err());
        }
    }
}
