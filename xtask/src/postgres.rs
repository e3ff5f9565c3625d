//! A PostgreSQL server for the tests, on loopback in a temporary folder that is removed at the end.

use std::{
    env, fs,
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    debian,
    process::{self, Server},
    session::Session,
};

/// PostgreSQL refuses to run as root; its Debian package creates this user.
const USER: &str = "postgres";
/// Timeout for starting, which takes about a second.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A running server and its folder. Dropping it stops the server and removes the folder.
pub struct Postgres {
    /// Dropped before the folder is removed.
    server: Option<Server>,
    stop: Command,
    folder: PathBuf,
    url: String,
}

impl Postgres {
    /// The URL for LOCKSTEP_TEST_POSTGRES, of a user who may create databases.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // `stop` lets the server release its shared memory. If it fails, dropping `server` kills the process.
        if let Err(error) = self.stop.status() {
            eprintln!("PostgreSQL could not be stopped cleanly: {error}");
        }
        drop(self.server.take());
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed: {error}", self.folder.display());
        }
    }
}

/// Finds PostgreSQL's programs, or installs them with apt, and starts a server.
pub fn start(session: &mut Session) -> Result<Postgres> {
    session.steps.take("PostgreSQL", || {
        let programs = match find() {
            Some(programs) => programs,
            None => {
                let by_hand = "install it (macOS: `brew install postgresql`) so that `initdb` is on PATH";
                debian::install("PostgreSQL", "postgresql", by_hand)?;
                find().context("PostgreSQL was installed, but its programs are not in /usr/lib/postgresql.")?
            }
        };
        eprintln!("    {}", programs.display());
        run(&programs)
    })
}

/// The folder of `initdb` and `postgres`. Debian keeps it off PATH; the newest version is chosen.
fn find() -> Option<PathBuf> {
    let beside = |program: PathBuf| program.parent().map(Path::to_owned);
    let is_whole = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_ctl", "pg_isready"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|version| {
            Some((
                version.file_name().to_str()?.parse::<u32>().ok()?,
                version.path().join("bin"),
            ))
        })
        .filter(|(_, folder)| is_whole(folder))
        .max();
    newest
        .map(|(_, folder)| folder)
        .or_else(|| which::which("initdb").ok().and_then(beside).filter(is_whole))
}

fn run(programs: &Path) -> Result<Postgres> {
    // A free port; the system does not reuse it soon.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
    let folder = env::temp_dir().join(format!("lockstep-postgres-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let data = folder.join("data");
    let user = user()?;
    if let Some((uid, gid)) = user {
        chown(&folder, Some(uid), Some(gid))?;
    }
    let program = |name: &str| {
        let mut command = process::command(programs.join(name));
        command.current_dir(&folder);
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        command
    };
    let mut stop = program("pg_ctl");
    stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"])
        .arg(&data);
    let mut initdb = program("initdb");
    initdb.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    process::read(initdb.args(["--username", USER]).arg("--pgdata").arg(&data))?;
    let mut server = program("postgres");
    server
        .arg("-D")
        .arg(&data)
        .arg("-k")
        .arg(&folder)
        .args(["-h", "127.0.0.1", "-p", &port]);
    // The data need not survive a crash, and every test has a database with its own connections.
    for setting in [
        "fsync=off",
        "full_page_writes=off",
        "max_connections=400",
        "log_min_messages=fatal",
    ] {
        server.args(["-c", setting]);
    }
    // Tests provoke errors on purpose; the log is not shown.
    server.stderr(fs::File::create(folder.join("log"))?);
    let mut ready = program("pg_isready");
    ready.args(["-q", "-h", "127.0.0.1", "-p", &port]);
    let postgres = Postgres {
        server: Some(process::serve(&mut server)?),
        stop,
        url: format!("postgres://{USER}@127.0.0.1:{port}/postgres"),
        folder,
    };
    wait(&mut ready).with_context(|| fs::read_to_string(postgres.folder.join("log")).unwrap_or_default())?;
    Ok(postgres)
}

fn wait(ready: &mut Command) -> Result<()> {
    let start = Instant::now();
    while !ready.status()?.success() {
        if start.elapsed() > START_TIMEOUT {
            bail!("PostgreSQL did not start.");
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The ids of user and group that PostgreSQL runs as, when xtask runs as root.
fn user() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let id = |flag| -> Result<u32> {
        let id = process::read(process::command("id").args([flag, USER]))
            .with_context(|| format!("PostgreSQL does not run as root, and there is no user `{USER}`."))?;
        Ok(id.trim().parse()?)
    };
    Ok(Some((id("-u")?, id("-g")?)))
}
