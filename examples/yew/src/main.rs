//! A page that lists the marketplace, clones a skill and runs it: Rust from the click to the request.

use browser_use_skills::api::execution::{ExecuteSkillRequest, ExecuteSkillResponse};
use browser_use_skills::api::marketplace::{MarketplaceListParams, MarketplaceSkillResponse};
use browser_use_skills::api::problem::ErrorCode;
use browser_use_skills::client::{Client, Config};
use browser_use_skills::error::Error;
use serde_json::Value;
use uuid::Uuid;
use yew::platform::spawn_local;
use yew::prelude::*;

/// A proxy of this page's own origin, which adds the key: whoever can open a page can read what is in it.
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
                    Err(error) => outcome.set(Err(in_words(&error))),
                }
            });
        }
    });
    let run = |id: Uuid| {
        let outcome = outcome.clone();
        Callback::from(move |_: MouseEvent| {
            let outcome = outcome.clone();
            outcome.set(Ok("It runs.".to_owned()));
            spawn_local(async move {
                outcome.set(clone_and_run(id).await.map_err(|error| in_words(&error)));
            });
        })
    };

    html! {
        <main>
            <h1>{ "Skills of the marketplace" }</h1>
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
                { outcome.as_ref().unwrap_or_else(|words| words) }
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

/// What the skill has found, as text.
async fn clone_and_run(id: Uuid) -> Result<String, Error> {
    let client = connect()?;
    let copy = client.marketplace().clone(id).await?;
    let run: ExecuteSkillResponse<Value> =
        client.skills().execute(copy.id, &ExecuteSkillRequest::<Value>::default()).await?;
    Ok(match run.result {
        Some(result) => format!("It has found {result}"),
        None => format!("It ran and failed: {}", run.error.unwrap_or_default()),
    })
}

fn in_words(error: &Error) -> String {
    match error.code() {
        Some(ErrorCode::InsufficientCredits) => "Your credits do not suffice.".to_owned(),
        Some(ErrorCode::Network) => "There is no connection.".to_owned(),
        _ => error.to_string(),
    }
}
