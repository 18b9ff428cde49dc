//! A pass that is asked to stop ends in order: what came is stored, the rest is for the next run.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{runtime::Runtime, sync::Notify};

/// Whether a signal asked the pass to stop; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    told: Arc<Notify>,
}

impl Stop {
    /// Listens for SIGINT, SIGTERM and SIGHUP as long as the runtime lives.
    pub fn listen(runtime: &Runtime) -> Self {
        let stop = Self::default();
        let heard = stop.clone();
        runtime.spawn(async move {
            signal().await;
            heard.asked.store(true, Ordering::Relaxed);
            heard.told.notify_one();
        });
        stop
    }

    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Ends when the pass is asked to stop.
    pub async fn asked(&self) {
        if !self.is_asked() {
            self.told.notified().await;
        }
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).ok();
    let (mut interrupt, mut terminate, mut hang_up) =
        (listen(SignalKind::interrupt()), listen(SignalKind::terminate()), listen(SignalKind::hangup()));
    let wait = async |signal: &mut Option<tokio::signal::unix::Signal>| match signal {
        Some(signal) => {
            let _closed = signal.recv().await;
        }
        None => std::future::pending().await,
    };
    tokio::select! {
        () = wait(&mut interrupt) => {}
        () = wait(&mut terminate) => {}
        () = wait(&mut hang_up) => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
