//! Bodies that end as they should, and bodies that do not.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::Sleep;

use crate::message::WireFault;

/// How long a part of a body has to get out before the connection is closed.
const FLUSH: Duration = Duration::from_millis(50);

/// The body of an answer.
pub struct Payload {
    /// What is still to be sent.
    part: Option<Bytes>,
    /// How much is promised.
    promised: u64,
    ending: Ending,
}

enum Ending {
    Whole,
    Stall,
    Cut(Pin<Box<Sleep>>),
}

/// Why a body ends too early.
#[derive(Debug)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("cut off, as a fault asked for")
    }
}

impl std::error::Error for Cut {}

impl Payload {
    /// A body, or a part of it if a fault says so.
    pub fn new(body: Vec<u8>, fault: Option<WireFault>) -> Self {
        let promised = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let body = Bytes::from(body);
        let (part, ending) = match fault {
            Some(WireFault::DropBody { sent }) => {
                (body.slice(..sent.min(body.len())), Ending::Cut(Box::pin(tokio::time::sleep(FLUSH))))
            }
            Some(WireFault::StallBody { sent }) => (body.slice(..sent.min(body.len())), Ending::Stall),
            Some(WireFault::Drop | WireFault::StallHeaders) | None => (body, Ending::Whole),
        };
        Self { part: Some(part).filter(|part| !part.is_empty()), promised, ending }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(part) = self.part.take() {
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        match &mut self.ending {
            Ending::Whole => Poll::Ready(None),
            Ending::Stall => Poll::Pending,
            Ending::Cut(sleep) => {
                ready!(sleep.as_mut().poll(context));
                Poll::Ready(Some(Err(Cut)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.part.is_none() && matches!(self.ending, Ending::Whole)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
