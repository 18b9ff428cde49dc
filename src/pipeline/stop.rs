//! A pass that is asked to stop, or has used up its time, ends in order: what came is stored, the rest is for the next run.

use std::{sync::Arc, time::Duration};

use tokio::{
    runtime::Runtime,
    sync::watch,
    time::{sleep, timeout},
};

/// A signal that comes so soon behind the first is the same one: `timeout` and terminals send it to the group as well.
const SAME: Duration = Duration::from_secs(1);
/// The exit code of what a signal stopped.
const STOPPED: i32 = 7;

/// Whether a pass is to stop; cheap to clone.
#[derive(Debug, Clone)]
pub struct Stop {
    asked: Arc<watch::Sender<bool>>,
}

impl Default for Stop {
    fn default() -> Self {
        Self { asked: Arc::new(watch::Sender::new(false)) }
    }
}

impl Stop {
    /// Listens for SIGINT, SIGTERM and SIGHUP as long as the runtime lives. A second one ends the program at once, whatever it
    /// hangs on: what is stored is whole at any moment.
    pub fn listen(runtime: &Runtime) -> Self {
        let stop = Self::default();
        let heard = stop.clone();
        // Heard from now on: whoever is asked to stop a moment after this may have a terminal to put right.
        let context = runtime.enter();
        let mut signals = Signals::listen();
        drop(context);
        runtime.spawn(async move {
            signals.next().await;
            heard.asked.send_replace(true);
            let _same = timeout(SAME, async {
                loop {
                    signals.next().await
                }
            })
            .await;
            signals.next().await;
            tracing::warn!("ended at once by a second signal: what was under way is asked for again");
            std::process::exit(STOPPED);
        });
        stop
    }

    /// One that also stops after this time.
    pub fn within(&self, runtime: &Runtime, time: Option<Duration>) -> Self {
        let Some(time) = time else { return self.clone() };
        let (stop, outer) = (Self::default(), self.clone());
        let told = stop.clone();
        runtime.spawn(async move {
            tokio::select! {
                () = outer.asked() => {}
                () = sleep(time) => {}
            }
            told.asked.send_replace(true);
        });
        stop
    }

    pub fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Ends when the pass is asked to stop.
    pub async fn asked(&self) {
        let mut told = self.asked.subscribe();
        // The sender lives as long as this does.
        let _closed = told.wait_for(|asked| *asked).await;
    }
}

/// The signals that ask a program to end.
struct Signals {
    #[cfg(unix)]
    heard: [Option<tokio::signal::unix::Signal>; 3],
}

#[cfg(unix)]
impl Signals {
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self { heard: [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(|kind| signal(kind).ok()) }
    }

    /// Ends when the next one comes.
    async fn next(&mut self) {
        let [interrupt, terminate, hang_up] = &mut self.heard;
        let wait = async |signal: &mut Option<tokio::signal::unix::Signal>| match signal {
            Some(signal) => {
                let _closed = signal.recv().await;
            }
            None => std::future::pending().await,
        };
        tokio::select! {
            () = wait(interrupt) => {}
            () = wait(terminate) => {}
            () = wait(hang_up) => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Self {
        Self {}
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
