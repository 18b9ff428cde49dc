//! A pass that is asked to stop, or has used up its time, ends in order: what came is stored, the rest is for the next run.

use std::{sync::Arc, time::Duration};

use tokio::{runtime::Runtime, sync::watch, time::sleep};

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
    /// Listens for SIGINT, SIGTERM and SIGHUP as long as the runtime lives.
    pub fn listen(runtime: &Runtime) -> Self {
        let stop = Self::default();
        let heard = stop.clone();
        runtime.spawn(async move {
            signal().await;
            heard.asked.send_replace(true);
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
