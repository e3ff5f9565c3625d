//! Which tab of the browser holds the connection, as a state machine. The leader has a Web Lock, which the browser
//! passes on when the leader's tab is closed or crashes. A leader that hangs or is frozen keeps it: the others notice
//! that it does not answer, and take the lock away.

/// How often a follower that somebody sees checks the leader, in milliseconds.
const PROBE_INTERVAL_MILLIS: u32 = 600;
/// Timeout of the leader's answer. Together with the interval less than the two seconds in which another tab takes
/// over.
const ANSWER_TIMEOUT_MILLIS: f64 = 900.0;
/// Spreads followers that notice at the same time.
const JITTER_MILLIS: f64 = 200.0;

/// Everything that can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElectionInput {
    /// The page has loaded; `supported`: the browser has locks and channels.
    Start { supported: bool },
    /// The lock is this tab's.
    Granted,
    /// Another tab took the lock away.
    Lost,
    /// A tab asks whether the leader works.
    Probed,
    /// The leader works.
    Alive,
    /// The alarm of [`ElectionEffect::SetProbe`].
    ProbeDue,
    /// The alarm of [`ElectionEffect::SetTimeout`].
    TimedOut,
    /// The tab is shown.
    Shown,
    /// This tab has ended its connection for good, and leaves the others theirs.
    Resign,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElectionEffect {
    /// Hold the connection.
    Lead,
    /// Leave the connection to another tab.
    Follow,
    /// Wait for the lock.
    Queue,
    /// Take the lock from the tab that has it.
    Steal,
    /// Give the lock back, or wait for it no longer.
    Release,
    /// Ask the leader whether it works.
    Probe,
    /// Answer that it does.
    Answer,
    /// Ring [`ElectionInput::ProbeDue`] in so many milliseconds.
    SetProbe(u32),
    /// Ring [`ElectionInput::TimedOut`] in so many milliseconds.
    SetTimeout(u32),
    ClearTimeout,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Follower,
    Leader,
    Resigned,
}

/// This tab's part in the election.
#[derive(Debug)]
pub struct Election {
    role: Role,
    /// Whether the leader has been asked and has not answered.
    asked: bool,
}

impl Default for Election {
    fn default() -> Self {
        Self {
            role: Role::Follower,
            asked: false,
        }
    }
}

impl Election {
    /// Handles what happened, in a tab that is `visible` or not, with a random number in 0..1.
    pub fn step(&mut self, input: ElectionInput, visible: bool, random: f64) -> Vec<ElectionEffect> {
        use ElectionEffect as Effect;
        match (input, self.role) {
            (_, Role::Resigned) => Vec::new(),
            (ElectionInput::Start { supported: false }, _) => {
                self.role = Role::Leader;
                vec![Effect::Lead]
            }
            (ElectionInput::Start { supported: true }, _) => {
                vec![Effect::Follow, Effect::Queue, Effect::SetProbe(PROBE_INTERVAL_MILLIS)]
            }
            (ElectionInput::Granted, _) => {
                self.role = Role::Leader;
                self.asked = false;
                vec![Effect::ClearTimeout, Effect::Lead]
            }
            (ElectionInput::Lost, _) => {
                self.role = Role::Follower;
                vec![Effect::Follow, Effect::Queue, Effect::SetProbe(PROBE_INTERVAL_MILLIS)]
            }
            (ElectionInput::Probed, Role::Leader) => vec![Effect::Answer],
            (ElectionInput::Alive, Role::Follower) => {
                self.asked = false;
                vec![Effect::ClearTimeout]
            }
            (ElectionInput::ProbeDue | ElectionInput::Shown, Role::Follower) if visible => self.probe(random),
            // A hidden tab does not ask: it need not be in step before it is seen.
            (ElectionInput::TimedOut, Role::Follower) if self.asked => {
                self.asked = false;
                match visible {
                    true => vec![Effect::Steal],
                    false => Vec::new(),
                }
            }
            (ElectionInput::Resign, _) => {
                self.role = Role::Resigned;
                vec![Effect::Release]
            }
            _ => Vec::new(),
        }
    }

    fn probe(&mut self, random: f64) -> Vec<ElectionEffect> {
        let mut effects = vec![ElectionEffect::SetProbe(PROBE_INTERVAL_MILLIS), ElectionEffect::Probe];
        if !std::mem::replace(&mut self.asked, true) {
            let timeout = ANSWER_TIMEOUT_MILLIS + JITTER_MILLIS * random;
            effects.push(ElectionEffect::SetTimeout(timeout as u32));
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::{ElectionEffect as Effect, ElectionInput as Input, *};

    fn follower() -> Election {
        let mut election = Election::default();
        let effects = election.step(Input::Start { supported: true }, true, 0.5);
        assert_eq!(effects, [Effect::Follow, Effect::Queue, Effect::SetProbe(600)]);
        election
    }

    #[test]
    fn a_browser_without_locks_has_a_connection_in_each_tab() {
        let mut election = Election::default();
        assert_eq!(
            election.step(Input::Start { supported: false }, true, 0.5),
            [Effect::Lead]
        );
    }

    #[test]
    fn the_tab_with_the_lock_leads_and_answers() {
        let mut election = follower();
        assert_eq!(
            election.step(Input::Granted, true, 0.5),
            [Effect::ClearTimeout, Effect::Lead]
        );
        assert_eq!(election.step(Input::Probed, true, 0.5), [Effect::Answer]);
        assert_eq!(election.step(Input::ProbeDue, true, 0.5), [], "a leader asks nobody");
    }

    #[test]
    fn the_lock_of_a_leader_that_does_not_answer_is_taken() {
        let mut election = follower();
        let asked = [Effect::SetProbe(600), Effect::Probe, Effect::SetTimeout(1_000)];
        assert_eq!(election.step(Input::ProbeDue, true, 0.5), asked);
        assert_eq!(
            election.step(Input::ProbeDue, true, 0.5),
            asked[..2],
            "another question does not prolong the time"
        );
        assert_eq!(election.step(Input::Alive, true, 0.5), [Effect::ClearTimeout]);
        assert_eq!(election.step(Input::TimedOut, true, 0.5), [], "it has answered");
        election.step(Input::ProbeDue, true, 0.5);
        assert_eq!(election.step(Input::TimedOut, true, 0.5), [Effect::Steal]);
    }

    #[test]
    fn a_hidden_tab_asks_only_once_it_is_shown() {
        let mut election = follower();
        assert_eq!(election.step(Input::ProbeDue, false, 0.5), []);
        assert_eq!(election.step(Input::Shown, true, 0.5).len(), 3);
        assert_eq!(election.step(Input::TimedOut, false, 0.5), [], "hidden again");
    }

    #[test]
    fn a_leader_whose_lock_was_taken_follows() {
        let mut election = follower();
        election.step(Input::Granted, true, 0.5);
        let effects = election.step(Input::Lost, true, 0.5);
        assert_eq!(effects, [Effect::Follow, Effect::Queue, Effect::SetProbe(600)]);
        assert_eq!(election.step(Input::Probed, true, 0.5), []);
    }

    #[test]
    fn a_tab_that_resigned_does_nothing_more() {
        let mut election = follower();
        election.step(Input::Granted, true, 0.5);
        assert_eq!(election.step(Input::Resign, true, 0.5), [Effect::Release]);
        for input in [Input::Granted, Input::Probed, Input::ProbeDue, Input::Resign] {
            assert_eq!(election.step(input, true, 0.5), []);
        }
    }
}
