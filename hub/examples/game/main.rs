//! A game server: a lobby that lists the games, and a room for each game, which receives the game's actions.
//! `cargo run -p hub --example game`, then http://127.0.0.1:3001 in two windows. PORT chooses another port.

use axum::{Router, response::Html, routing::get};
use hub::*;
use serde_json::{Value, json};

const GAMES: Scope = Scope::new("games");

fn room(name: impl ToString) -> RoomId {
    RoomId::new(GAMES, name.to_string())
}

#[derive(Debug, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Command {
    Create { name: String },
    Join { game: usize },
    Action { action: Value },
}

type Game = (String, Vec<String>); // The name and the players.
#[derive(Clone, Default)]
struct Games(std::sync::Arc<tokio::sync::Mutex<Vec<Game>>>);

struct Player(String, Option<usize>); // The name and the current game.

impl Service for Games {
    type Auth = Player;
    type Protocol = Self;

    async fn authenticate(&self, request: &Request) -> Result<Player, CloseFrame> {
        let refusal = CloseFrame::new(CloseCode::application(4001), "?player= is missing");
        request.query("player").map(|name| Player(name, None)).ok_or(refusal)
    }

    fn open(&self, _: &mut Connection<Player>) -> Self {
        self.clone()
    }
}

impl Protocol for Games {
    type Auth = Player;

    async fn connected(&mut self, player: &mut Connection<Player>) -> Result<(), CloseFrame> {
        player.join(&room("lobby"))?;
        player.send(self.list().await);
        Ok(())
    }

    async fn message(&mut self, player: &mut Connection<Player>, message: Received) {
        let Received::Json(json) = message else { return };
        let Ok(command) = serde_json::from_value(json) else {
            return player.close(CloseCode::application(4002), "an unknown command");
        };
        if let Err(message) = self.run(player, command).await {
            player.send(json!({ "type": "error", "message": message }));
        }
    }

    async fn closed(&mut self, player: &mut Connection<Player>, _: &CloseOutcome) {
        let Player(name, Some(game)) = player.auth() else {
            return;
        };
        self.0.lock().await[*game].1.retain(|known| known != name);
        player.broadcast(
            Audience::Rooms(&[room(game)]),
            json!({ "type": "left", "player": name }),
            false,
        );
        player.broadcast(Audience::Rooms(&[room("lobby")]), self.list().await, false);
    }
}

impl Games {
    async fn list(&self) -> Value {
        json!({ "type": "games", "games": *self.0.lock().await })
    }

    async fn run(&self, player: &mut Connection<Player>, command: Command) -> Result<(), String> {
        let mut games = self.0.lock().await;
        let Player(name, current) = player.auth_mut();
        let game = match (command, *current) {
            (Command::Action { action }, Some(game)) => {
                let event = json!({ "type": "action", "player": name, "action": action });
                player.broadcast(Audience::Rooms(&[room(game)]), event, true);
                return Ok(());
            }
            (Command::Join { game }, None) if game < games.len() => game,
            (Command::Create { name }, None) => {
                games.push((name, vec![]));
                games.len() - 1
            }
            (command, game) => return Err(format!("{command:?} is not possible in game {game:?}")),
        };
        *current = Some(game);
        games[game].1.push(name.clone());
        drop(games);
        player.join(&room(game)).map_err(|error| error.to_string())?;
        player.send(json!({ "type": "joined", "game": game }));
        player.broadcast(Audience::Rooms(&[room("lobby")]), self.list().await, true);
        Ok(())
    }
}

pub fn routes() -> Router {
    let hub = Hub::builder(LocalBus).scope(GAMES, PlainScope).build();
    let endpoint = Endpoint::new(hub, "/ws", Options::json(), Games::default());
    let routes = Router::new().route("/", get(async || Html(include_str!("page.html"))));
    routes.route("/ws", endpoint.into_method_router())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").unwrap_or("3001".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    eprintln!("http://{}", listener.local_addr()?);
    axum::serve(listener, routes()).await
}
