//! The union of the times of several symbols, round by round (T5).

use crate::account::rate_path::Steps;
use crate::market::quote::Quote;
use crate::market::span::Span;

/// Times of a union that are held at once.
const HELD: usize = 512;
/// Times that are compared at once.
const ALIKE: usize = 32;

/// The union of the times of some rows, one span a symbol, some hundred at a time.
pub(super) struct Union<'a> {
    spans: &'a [Span<'a>],
    times: Vec<i64>,
    /// For each span, how many of its rows are over at each of the times.
    rows: Vec<Vec<usize>>,
    /// The same before the first of the times.
    behind: Vec<usize>,
    /// T2: what every row covers, where all cover the same.
    timeframe: Option<i64>,
}

impl<'a> Union<'a> {
    pub(super) fn of(spans: &'a [Span<'a>]) -> Self {
        let rows = spans.iter().map(|_| Vec::with_capacity(HELD)).collect();
        let mut timeframes = spans.iter().map(Span::timeframe);
        let first = timeframes.next();
        let timeframe = first.filter(|first| timeframes.all(|other| other == *first));
        Self { spans, times: Vec::with_capacity(HELD), rows, behind: vec![0; spans.len()], timeframe }
    }

    /// Goes on to the next times; whether there are any.
    pub(super) fn go_on(&mut self) -> bool {
        self.behind = self.rows_before(self.times.len());
        let mut behind = self.behind.clone();
        self.times.clear();
        self.rows.iter_mut().for_each(Vec::clear);
        while self.times.len() < HELD {
            if !self.take_alike(&mut behind) && !self.take_one(&mut behind) {
                break;
            }
        }
        !self.times.is_empty()
    }

    /// How many rows of each span come before one of the times.
    pub(super) fn rows_before(&self, step: usize) -> Vec<usize> {
        match step.checked_sub(1) {
            Some(before) => self.rows.iter().map(|rows| rows[before]).collect(),
            None => self.behind.clone(),
        }
    }

    /// The closing quote of a symbol at each of the times; at first its `last` one.
    pub(super) fn quotes(&self, symbol: usize, last: Quote) -> impl Iterator<Item = Quote> + '_ {
        let span = &self.spans[symbol];
        self.rows[symbol].iter().map(move |&behind| behind.checked_sub(1).map_or(last, |row| span.close(row)))
    }

    /// Takes the next times together where they are those of every symbol: mostly they are.
    fn take_alike(&mut self, behind: &mut [usize]) -> bool {
        let ahead = |(span, &row): (&Span<'a>, &usize)| span.times()[row..].first_chunk::<ALIKE>();
        let mut all = self.spans.iter().zip(behind.iter()).map(ahead);
        let Some(Some(times)) = all.next() else { return false };
        if !all.all(|other| other == Some(times)) {
            return false;
        }
        self.times.extend(times);
        for (rows, row) in self.rows.iter_mut().zip(behind) {
            rows.extend(*row + 1..=*row + ALIKE);
            *row += ALIKE;
        }
        true
    }

    fn take_one(&mut self, behind: &mut [usize]) -> bool {
        let ahead = self.spans.iter().zip(behind.iter()).filter_map(|(span, &row)| span.times().get(row));
        let Some(&time) = ahead.min() else { return false };
        self.times.push(time);
        for ((span, rows), row) in self.spans.iter().zip(&mut self.rows).zip(behind) {
            *row += usize::from(span.times().get(*row) == Some(&time));
            rows.push(*row);
        }
        true
    }
}

impl Steps for Union<'_> {
    fn times(&self) -> &[i64] {
        &self.times
    }

    #[inline]
    fn end(&self, step: usize) -> i64 {
        let lasts = self.timeframe.or_else(|| {
            let before = |symbol: usize| step.checked_sub(1).map_or(self.behind[symbol], |row| self.rows[symbol][row]);
            let came = (0..self.spans.len()).filter(|&symbol| self.rows[symbol][step] > before(symbol));
            came.map(|symbol| self.spans[symbol].timeframe()).max()
        });
        self.times[step].saturating_add(lasts.unwrap_or_default())
    }

    fn longest(&self) -> i64 {
        self.spans.iter().map(Span::timeframe).max().unwrap_or_default()
    }

    #[inline]
    fn taken(&self, symbol: usize, step: usize) -> usize {
        self.spans[symbol].rows_behind() + self.rows[symbol][step]
    }
}

/// How many times a union has.
pub(super) fn count_times(spans: &[Span]) -> u64 {
    let longest = spans.iter().map(Span::times).max_by_key(|times| times.len()).unwrap_or_default();
    if spans.iter().all(|span| span.is_empty() || span.times() == longest) {
        return longest.len() as u64;
    }
    let (mut union, mut times) = (Union::of(spans), 0);
    while union.go_on() {
        times += union.times.len() as u64;
    }
    times
}
