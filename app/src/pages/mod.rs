//! One file per page, named after its path.

mod failure;
mod not_found;
mod sign_in;
mod sign_up;
mod timers;

pub use failure::Failure;
pub use not_found::NotFound;
pub use sign_in::SignInPage;
pub use sign_up::SignUpPage;
pub use timers::TimersPage;
