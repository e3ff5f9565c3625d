//! What can go wrong, and how.

use super::{AN_HOUR, world::World};
use proptest::prelude::*;

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Happening {
    Give(usize),
    ServerStops,
    ServerStarts,
    ServerCloses(u16),
    NetworkEnds,
    NetworkReturns,
    OfflineNoticed(bool),
    TokensRefused(u32),
    TokensUnavailable(bool),
    SlowDown,
    ClockJumps(f64),
    NewLog,
    SignOutReported,
    Sleep(f64),
    OpenTab,
    CloseTab(usize),
    Freeze(usize),
    Thaw(usize),
    Show(usize, bool),
}

/// Any happening.
pub fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    prop_oneof![
        6 => (0..5usize).prop_map(Give),
        1 => Just(ServerStops),
        2 => Just(ServerStarts),
        1 => prop::sample::select(vec![1000, 1001, 1006, 1008, 1011, 1012, 4008, 4029]).prop_map(ServerCloses),
        1 => Just(NetworkEnds),
        2 => Just(NetworkReturns),
        1 => any::<bool>().prop_map(OfflineNoticed),
        1 => (1..4u32).prop_map(TokensRefused),
        1 => any::<bool>().prop_map(TokensUnavailable),
        1 => Just(SlowDown),
        1 => (-7_200_000.0..7_200_000.0).prop_map(ClockJumps),
        1 => Just(NewLog),
        1 => Just(SignOutReported),
        1 => (1_000.0..AN_HOUR).prop_map(Sleep),
        1 => Just(OpenTab),
        2 => (0..5usize).prop_map(CloseTab),
        1 => (0..5usize).prop_map(Freeze),
        1 => (0..5usize).prop_map(Thaw),
        2 => ((0..5usize), any::<bool>()).prop_map(|(tab, visible)| Show(tab, visible)),
    ]
}

impl World {
    /// The open tab that a number stands for.
    fn pick(&self, number: usize) -> usize {
        let open = self.open_tabs();
        open[number % open.len()]
    }

    /// Lets it happen.
    pub fn happen(&mut self, happening: &Happening) {
        match *happening {
            Happening::Give(tab) => {
                let tab = self.pick(tab);
                // A frozen tab takes no clicks.
                if !self.tabs[tab].is_frozen {
                    self.give(tab);
                }
            }
            Happening::ServerStops => {
                self.server.is_up = false;
                self.close_connections(1006);
            }
            Happening::ServerStarts => self.server.is_up = true,
            Happening::ServerCloses(code) => self.close_connections(code),
            Happening::NetworkEnds => self.set_network(false),
            Happening::NetworkReturns => self.set_network(true),
            Happening::OfflineNoticed(noticed) => self.online = !noticed,
            Happening::TokensRefused(count) => self.server.refuses += count,
            Happening::TokensUnavailable(unavailable) => self.server.grants_tokens = !unavailable,
            Happening::SlowDown => self.server.slow_until = self.now + 2_000.0,
            Happening::ClockJumps(millis) => self.device_ahead += millis,
            Happening::NewLog => {
                self.server.start_new_log();
                self.close_connections(1012);
            }
            Happening::SignOutReported => self.report_sign_out(),
            Happening::Sleep(millis) => self.sleep(millis),
            Happening::OpenTab if self.open_tabs().len() < 5 => self.open_tab(),
            Happening::OpenTab => {}
            Happening::CloseTab(tab) if self.open_tabs().len() > 1 => self.close_tab(self.pick(tab)),
            Happening::CloseTab(_) => {}
            Happening::Freeze(tab) => self.freeze(self.pick(tab)),
            Happening::Thaw(tab) => self.thaw(self.pick(tab)),
            Happening::Show(tab, visible) => self.show(self.pick(tab), visible),
        }
    }

    fn sleep(&mut self, millis: f64) {
        let awake: Vec<usize> = self
            .open_tabs()
            .into_iter()
            .filter(|tab| !self.tabs[*tab].is_frozen)
            .collect();
        awake.iter().for_each(|tab| self.freeze(*tab));
        self.pass(millis);
        awake.iter().for_each(|tab| self.thaw(*tab));
    }

    /// All is well from now on, and somebody looks.
    pub fn mend(&mut self) {
        self.server.is_up = true;
        self.server.grants_tokens = true;
        self.server.refuses = 0;
        self.set_network(true);
        self.online = true;
        for index in self.open_tabs() {
            self.thaw(index);
            self.show(index, true);
        }
    }
}
