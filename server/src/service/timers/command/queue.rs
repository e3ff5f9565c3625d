//! Where commands wait for the writer's turn.
//!
//! The writer's queue holds one piece of work for all commands that wait, not one each: whoever comes while one is
//! queued goes with it. It stands there no later than the command came, so a command is never overtaken by what its
//! caller submits after it.

use super::Command;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most commands in one piece of work.
const BATCH: usize = 256;
/// The most commands that wait; further callers wait before they are queued.
const QUEUE: usize = 4_096;

/// The commands that wait.
#[derive(Clone)]
pub struct Queue {
    places: Arc<Semaphore>,
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    commands: VecDeque<(Command, Place)>,
    /// Pieces of work that are queued and have not taken their commands yet.
    batches: usize,
}

/// A place in the queue, free again when this is dropped.
pub struct Place {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(QUEUE)),
            waiting: Arc::default(),
        }
    }
}

impl Queue {
    /// Waits for a place.
    pub async fn place(&self) -> Place {
        // The semaphore is never closed, so there is always a permit in the end.
        Place {
            _permit: self.places.clone().acquire_owned().await.ok(),
        }
    }

    /// Queues a command. Where no piece of work is queued that will take it, `submit` is called with one that is: it
    /// must queue it before it returns.
    pub fn push(&self, command: Command, place: Place, submit: impl FnOnce(Batch)) {
        // Nothing that holds the lock can leave it half changed.
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.commands.push_back((command, place));
        if waiting.batches * BATCH < waiting.commands.len() {
            waiting.batches += 1;
            submit(Batch {
                queue: self.clone(),
                commands: Arc::default(),
            });
        }
    }

    fn take(&self) -> Vec<Command> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.batches -= 1;
        let count = waiting.commands.len().min(BATCH);
        waiting.commands.drain(..count).map(|(command, _)| command).collect()
    }
}

/// The commands of one piece of work: those that wait when it has its turn.
#[derive(Clone)]
pub struct Batch {
    queue: Queue,
    commands: Arc<OnceLock<Vec<Command>>>,
}

impl Batch {
    /// The commands, taken out of the queue at the first call.
    pub fn commands(&self) -> &[Command] {
        self.commands.get_or_init(|| self.queue.take())
    }
}
