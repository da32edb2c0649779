//! Response bodies, complete or cut off by a fault.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::Sleep;

use crate::message::WireFault;

/// How long a part of a body may take to be flushed before the connection is closed.
const FLUSH_TIME: Duration = Duration::from_millis(50);

/// A response body.
pub struct Payload {
    /// The part that is still to be sent.
    part: Option<Bytes>,
    /// The value of `Content-Length`.
    content_length: u64,
    ending: Ending,
}

enum Ending {
    Complete,
    Stall,
    Cut(Pin<Box<Sleep>>),
}

/// The error of a body that ends early.
#[derive(Debug)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("cut off by a fault")
    }
}

impl std::error::Error for Cut {}

impl Payload {
    /// Creates a body, cut off if a fault requires it.
    pub fn new(body: Vec<u8>, fault: Option<WireFault>) -> Self {
        let content_length = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let body = Bytes::from(body);
        let (part, ending) = match fault {
            Some(WireFault::DropBody { sent }) => {
                (body.slice(..sent.min(body.len())), Ending::Cut(Box::pin(tokio::time::sleep(FLUSH_TIME))))
            }
            Some(WireFault::StallBody { sent }) => (body.slice(..sent.min(body.len())), Ending::Stall),
            Some(WireFault::Drop | WireFault::StallHeaders) | None => (body, Ending::Complete),
        };
        Self { part: Some(part).filter(|part| !part.is_empty()), content_length, ending }
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
            Ending::Complete => Poll::Ready(None),
            Ending::Stall => Poll::Pending,
            Ending::Cut(sleep) => {
                ready!(sleep.as_mut().poll(context));
                Poll::Ready(Some(Err(Cut)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.part.is_none() && matches!(self.ending, Ending::Complete)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.content_length)
    }
}
