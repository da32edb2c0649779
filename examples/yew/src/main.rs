//! A page written entirely in Rust that lists the marketplace, clones a skill and runs it.

use browser_use_skills::api::{
    ExecuteSkillRequest, ExecuteSkillResponse, MarketplaceListParams, MarketplaceSkillResponse,
};
use browser_use_skills::{Client, Config, Error, ErrorCode, Uuid};
use serde_json::Value;
use yew::platform::spawn_local;
use yew::prelude::*;

/// A proxy on the page's origin that adds the key, because every user of a page can read a key in it.
const PROXY: &str = "/api/browser-use";

fn main() {
    yew::Renderer::<App>::new().render();
}

#[component]
fn App() -> Html {
    let skills = use_state(Vec::new);
    let outcome = use_state(|| Ok("Choose a skill.".to_owned()));

    use_effect_with((), {
        let (skills, outcome) = (skills.clone(), outcome.clone());
        move |()| {
            spawn_local(async move {
                match list().await {
                    Ok(items) => skills.set(items),
                    Err(error) => outcome.set(Err(message_of(&error))),
                }
            });
        }
    });
    let run = |id: Uuid| {
        let outcome = outcome.clone();
        Callback::from(move |_: MouseEvent| {
            let outcome = outcome.clone();
            outcome.set(Ok("Running…".to_owned()));
            spawn_local(async move {
                outcome.set(clone_and_run(id).await.map_err(|error| message_of(&error)));
            });
        })
    };

    html! {
        <main>
            <h1>{ "Marketplace skills" }</h1>
            <ul>
                for skill in skills.iter() {
                    <li key={skill.id.to_string()}>
                        <h2>{ &skill.title }</h2>
                        <p>{ &skill.description }</p>
                        <button onclick={run(skill.id)}>{ "Clone and run" }</button>
                    </li>
                }
            </ul>
            <p role="status" class={if outcome.is_ok() { "done" } else { "failed" }}>
                { outcome.as_ref().unwrap_or_else(|message| message) }
            </p>
        </main>
    }
}

fn connect() -> Result<Client, Error> {
    Client::new(Config::default().base_url(PROXY))
}

async fn list() -> Result<Vec<MarketplaceSkillResponse>, Error> {
    let params = MarketplaceListParams { page_size: Some(100), ..Default::default() };
    Ok(connect()?.marketplace().list(&params).await?.items)
}

/// Clones and runs a skill. Returns its result as text.
async fn clone_and_run(id: Uuid) -> Result<String, Error> {
    let client = connect()?;
    let copy = client.marketplace().clone_skill(id).await?;
    let run: ExecuteSkillResponse<Value> =
        client.skills().execute(copy.id, &ExecuteSkillRequest::<Value>::default()).await?;
    Ok(match run.result {
        Some(result) => format!("Result: {result}"),
        None => format!("The skill ran and failed: {}", run.error.unwrap_or_default()),
    })
}

fn message_of(error: &Error) -> String {
    match error.code() {
        Some(ErrorCode::InsufficientCredits) => "You do not have enough credits.".to_owned(),
        Some(ErrorCode::Network) => "Cannot connect.".to_owned(),
        _ => error.to_string(),
    }
}
