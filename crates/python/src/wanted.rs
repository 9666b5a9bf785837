//! Orders and positions by magic number, symbol or ticket (R4).

/// Which orders or positions are asked for.
pub struct Wanted {
    pub magic: Option<i64>,
    pub symbol: Option<usize>,
    pub ticket: Option<u64>,
}

impl Wanted {
    /// Whether these are what is asked for.
    pub fn fits(&self, ticket: u64, symbol: u32, magic: i64) -> bool {
        self.magic.is_none_or(|wanted| wanted == magic)
            && self.symbol.is_none_or(|wanted| wanted == symbol as usize)
            && self.ticket.is_none_or(|wanted| wanted == ticket)
    }
}
