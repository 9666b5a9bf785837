//! State as bytes, and back (R3).
//!
//! A snapshot is a head, a body and a checksum over both. The head names the format, the kind of what was saved and
//! the engine that saved it; all of it is checked before the body is read.

use crate::engine::stepwise::Stepwise;
use crate::error::Error;
use serde::de::DeserializeOwned;
use serde::Serialize;

/// Version of the layout; a change of the state's layout raises it.
pub const FORMAT: u32 = 2;
const MAGIC: &[u8; 8] = b"OMEGASIM";
const CHECKSUM: usize = blake3::OUT_LEN;
const ENGINE: &str = env!("CARGO_PKG_VERSION");
/// Magic, format, kind, length of the engine's version.
const FIXED: usize = 8 + 4 + 1 + 1;

/// What a snapshot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A stepwise simulator.
    Stepwise,
    /// A batch run on its way.
    Run,
}

impl Kind {
    fn number(self) -> u8 {
        match self {
            Self::Stepwise => 1,
            Self::Run => 2,
        }
    }

    fn name(number: u8) -> &'static str {
        match number {
            1 => "a stepwise simulator",
            2 => "a batch run",
            _ => "something unknown",
        }
    }
}

impl Stepwise {
    /// R3: the whole state as bytes.
    ///
    /// # Errors
    /// `Error::Internal`, never by any state that a caller can make.
    pub fn snapshot(&self) -> Result<Vec<u8>, Error> {
        write(Kind::Stepwise, self)
    }

    /// R3: the simulator that a snapshot holds.
    ///
    /// # Errors
    /// `Error::Snapshot` says what is wrong with the bytes.
    pub fn restore(bytes: &[u8]) -> Result<Self, Error> {
        let restored: Self = read(Kind::Stepwise, bytes)?;
        restored.config().check()?;
        Ok(restored)
    }
}

/// A state with head and checksum.
pub(crate) fn write<T: Serialize>(kind: Kind, state: &T) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(1024);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.push(kind.number());
    bytes.push(ENGINE.len() as u8);
    bytes.extend_from_slice(ENGINE.as_bytes());
    let mut bytes = postcard::to_extend(state, bytes)
        .map_err(|error| Error::Internal { message: format!("a snapshot could not be written: {error}") })?;
    let checksum = blake3::hash(&bytes);
    bytes.extend_from_slice(checksum.as_bytes());
    Ok(bytes)
}

/// The state of a snapshot of the given kind.
pub(crate) fn read<T: DeserializeOwned>(kind: Kind, bytes: &[u8]) -> Result<T, Error> {
    if !bytes.starts_with(MAGIC) {
        return Err(refused("these bytes do not begin like a snapshot"));
    }
    if bytes.len() < FIXED + CHECKSUM {
        return Err(refused(&format!("cut off after {} bytes", bytes.len())));
    }
    let format = u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]);
    if format > FORMAT {
        return Err(refused(&format!("format {format} is newer than this version's, {FORMAT}; update omegasim")));
    }
    let (content, checksum) = bytes.split_at(bytes.len() - CHECKSUM);
    if blake3::hash(content).as_bytes()[..] != *checksum {
        return Err(refused("the checksum does not fit: damaged or cut off"));
    }
    if format != FORMAT {
        return Err(refused(&format!("format {format} is older than this version's, {FORMAT}")));
    }
    let body = content.get(FIXED + usize::from(content[13])..).ok_or_else(|| refused("the head is cut off"))?;
    let engine = String::from_utf8_lossy(&content[FIXED..content.len() - body.len()]);
    if engine != ENGINE {
        return Err(refused(&format!("written by omegasim {engine}; this is {ENGINE}")));
    }
    if content[12] != kind.number() {
        let (found, expected) = (Kind::name(content[12]), Kind::name(kind.number()));
        return Err(refused(&format!("it holds {found}; expected {expected}")));
    }
    match postcard::take_from_bytes(body) {
        Ok((state, [])) => Ok(state),
        Ok((_, rest)) => Err(refused(&format!("{} bytes too many", rest.len()))),
        Err(error) => Err(refused(&format!("the state cannot be read: {error}"))),
    }
}

fn refused(message: &str) -> Error {
    Error::Snapshot { message: message.into() }
}
