//! A page written entirely in Rust that lists the marketplace, clones a skill and runs it.

use browser_use_skills::api::{
    ExecuteSkillRequest, ExecuteSkillResponse, MarketplaceListParams, MarketplaceSkillResponse,
};
use browser_use_skills::{Client, Config, Error, ErrorCode, Uuid};
use leptos::prelude::*;
use serde_json::Value;

/// A proxy on the page's origin that adds the key, because every user of a page can read a key in it.
const PROXY: &str = "/api/browser-use";

fn main() {
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let skills = LocalResource::new(list);
    let run = Action::new_local(|id: &Uuid| clone_and_run(*id));
    let outcome = move || match run.value().get() {
        _ if run.pending().get() => "Running…".to_owned(),
        None => "Choose a skill.".to_owned(),
        Some(Ok(result)) => result,
        Some(Err(message)) => message,
    };

    view! {
        <main>
            <h1>"Marketplace skills"</h1>
            {move || {
                skills.get().map(|listed| match listed {
                    Err(message) => view! { <p role="alert">{message}</p> }.into_any(),
                    Ok(skills) => view! {
                        <ul>
                            {skills
                                .into_iter()
                                .map(|skill| view! {
                                    <li>
                                        <h2>{skill.title}</h2>
                                        <p>{skill.description}</p>
                                        <button on:click=move |_| { run.dispatch(skill.id); }>"Clone and run"</button>
                                    </li>
                                })
                                .collect_view()}
                        </ul>
                    }.into_any(),
                })
            }}
            <p role="status">{outcome}</p>
        </main>
    }
}

fn connect() -> Result<Client, Error> {
    Client::new(Config::default().base_url(PROXY))
}

async fn list() -> Result<Vec<MarketplaceSkillResponse>, String> {
    let params = MarketplaceListParams { page_size: Some(100), ..Default::default() };
    let list = async { connect()?.marketplace().list(&params).await };
    list.await.map(|page| page.items).map_err(|error| message_of(&error))
}

/// Clones and runs a skill. Returns its result as text, or what went wrong.
async fn clone_and_run(id: Uuid) -> Result<String, String> {
    let run = async {
        let client = connect()?;
        let copy = client.marketplace().clone_skill(id).await?;
        client.skills().execute(copy.id, &ExecuteSkillRequest::<Value>::default()).await
    };
    let run: ExecuteSkillResponse<Value> = run.await.map_err(|error: Error| message_of(&error))?;
    run.result
        .map(|result| format!("Result: {result}"))
        .ok_or_else(|| format!("The skill ran and failed: {}", run.error.unwrap_or_default()))
}

fn message_of(error: &Error) -> String {
    match error.code() {
        Some(ErrorCode::InsufficientCredits) => "You do not have enough credits.".to_owned(),
        Some(ErrorCode::Network) => "Cannot connect.".to_owned(),
        _ => error.to_string(),
    }
}
