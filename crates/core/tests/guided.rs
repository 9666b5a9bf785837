//! A run that somebody leads bar by bar: when its orders act, and what it may see.

mod common;

use common::*;
use omegasim_core::engine::batch::{Market, SymbolMarket};
use omegasim_core::engine::guided::{Guided, News, Seat};
use omegasim_core::engine::result::RunResult;
use omegasim_core::error::Error;
use omegasim_core::execution::filter::{Filter, Pause};
use omegasim_core::execution::rules::MarketFill;
use omegasim_core::execution::signal_table::{Directions, SignalColumns};
use omegasim_core::market::series::Series;
use omegasim_core::portfolio::equity::EquityMode;
use omegasim_core::time::MINUTE;

fn seat(filters: Vec<Filter>) -> Seat {
    Seat { magic: 3, filters, opens: true }
}

fn led(series: Vec<Series>, filters: Vec<Filter>) -> Result<Guided, Error> {
    let symbols =
        series.into_iter().map(|series| SymbolMarket { symbol: series.symbol().into(), series, finer: Vec::new() });
    let market = Market { symbols: symbols.collect(), rates: Vec::new() };
    Guided::new(&config(), &market, vec![seat(filters)], EquityMode::Bars)
}

fn buy(symbol: &str) -> SignalColumns {
    SignalColumns {
        symbol: Some([Some(symbol)].into_iter().collect()),
        direction: Some(Directions::Words([Some("long")].into_iter().collect())),
        stop_loss_pips: Some(vec![Some(10.0)].into()),
        ..SignalColumns::default()
    }
}

#[test]
fn n71_an_order_acts_on_the_bar_after_the_one_that_is_over() {
    let mut run = led(vec![eurusd(&[flat(1.1), flat(1.2), flat(1.3)])], vec![]).unwrap();
    assert!(run.advance().unwrap());
    assert_eq!(run.now(), at(1));
    assert!(matches!(run.taken(), [(0, 0, bar)] if bar.bid.close == 1.1));
    assert_eq!(run.ask(0, buy("EURUSD")).unwrap().status.name(), "waiting");
    assert!(run.news().is_empty());
    assert!(run.advance().unwrap());
    let news = run.news();
    assert!(matches!(&news[..], [News::Filled(event)] if event.time == at(1) && event.price == Some(1.2002)));
    assert_eq!(news[0].magic(), 3);
    let position = run.position(0, 0).unwrap();
    assert_eq!((position.entry_price, run.positions(0).len(), run.orders(0).len()), (1.2002, 1, 0));
    let (balance, equity, margin) = run.account();
    assert!(equity < balance && margin > 0.0);
}

#[test]
fn n71_an_order_before_the_first_bar_acts_on_it() {
    let mut run = led(vec![eurusd(&[flat(1.1), flat(1.1)])], vec![]).unwrap();
    run.ask(0, buy("EURUSD")).unwrap();
    while run.advance().unwrap() {}
    run.finish().unwrap();
    assert!(matches!(&run.news()[..], [News::Filled(_), News::Closed(trade)] if trade.entry_time == at(0)));
    let result = run.hand_over();
    assert_eq!((result.trades.len(), result.equity.time.len(), result.steps), (1, 2, 2));
}

#[test]
fn n74_what_a_filter_holds_back_is_rejected_and_a_loss_begins_a_pause() {
    let falling = [flat(1.1), flat(1.1), [1.1, 1.1, 1.09, 1.09], flat(1.09), flat(1.09)];
    let mut run = led(vec![eurusd(&falling)], vec![Filter::Pause(Pause::after(1, MINUTE))]).unwrap();
    run.advance().unwrap();
    run.ask(0, buy("EURUSD")).unwrap();
    run.advance().unwrap();
    run.news();
    run.advance().unwrap();
    assert!(matches!(&run.news()[..], [News::Closed(trade)] if trade.net < 0.0));
    assert!(!run.may_open(0, 0));
    let refused = run.ask(0, buy("EURUSD")).unwrap();
    assert_eq!((refused.status.name(), refused.reason.unwrap().name()), ("rejected", "filtered"));
    assert!(matches!(&run.news()[..], [News::Rejected(event)] if event.ticket.is_none() && event.price.is_none()));
    run.advance().unwrap();
    assert!(run.may_open(0, 0));
    run.set_opens(0, false);
    assert!(!run.may_open(0, 0));
}

#[test]
fn n73_bars_of_different_lengths_are_refused() {
    let minutes = eurusd(&[flat(1.1), flat(1.1)]);
    let both = [(flat(1.2), flat(1.2002)), (flat(1.2), flat(1.2002))];
    let hours = timed("GBPUSD", vec![at(0), at(60)], &both, 60 * MINUTE).unwrap();
    let error = led(vec![minutes, hours], vec![]).err().unwrap();
    assert!(error.to_string().contains("bars of different lengths"), "{error}");
}

#[test]
fn n72_what_has_no_meaning_for_somebody_who_leads_is_refused() {
    let market = |series: Series| Market {
        symbols: vec![SymbolMarket { symbol: "EURUSD".into(), series, finer: Vec::new() }],
        rates: Vec::new(),
    };
    let mut later = config();
    later.rules.signal_timeframe = Some("H1".into());
    let bars = market(eurusd(&[flat(1.1), flat(1.1)]));
    assert!(matches!(
        Guided::new(&later, &bars, vec![], EquityMode::Off).err(),
        Some(Error::Config { field, .. }) if field == "rules.signal_timeframe"
    ));
    let mut at_close = config();
    at_close.rules.market_fill = MarketFill::SignalClose;
    let quotes = market(ticks("EURUSD", &[(at(0), 1.1, 1.1001)]));
    assert!(matches!(
        Guided::new(&at_close, &quotes, vec![], EquityMode::Off).err(),
        Some(Error::Config { field, .. }) if field == "rules.market_fill"
    ));
    let wrong = vec![seat(vec![Filter::Spread { max_pips: -1.0 }])];
    assert!(Guided::new(&config(), &bars, wrong, EquityMode::Off).is_err());
}

#[test]
fn n72_between_two_ticks_a_bar_may_be_over() {
    let quotes = ticks("EURUSD", &[(at(0), 1.1, 1.1001), (at(2), 1.2, 1.2001), (at(3), 1.2, 1.2001)]);
    let mut run = led(vec![quotes], vec![]).unwrap();
    assert_eq!((run.total(), run.next_time()), (3, Some(at(0))));
    run.advance().unwrap();
    run.pass_to(at(1));
    assert_eq!((run.now(), run.done()), (at(1), 1));
    run.ask(0, buy("EURUSD")).unwrap();
    run.advance().unwrap();
    assert_eq!(run.position(0, 0).unwrap().entry_time, at(2));
    assert!(run.advance().unwrap() && !run.advance().unwrap());
}

/// Bars that wander around 1.1 on the grid.
fn wandering(bars: usize) -> Series {
    let mut state = 1_u64;
    let mut price = 1.1;
    let mut step = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % 21) as f64 * 1e-5 - 1e-4
    };
    let mut bids = Vec::new();
    for _ in 0..bars {
        let (open, close) = (price, price + step());
        let (high, low) = (open.max(close) + step().abs(), open.min(close) - step().abs());
        bids.push([open, high, low, close].map(on_grid));
        price = close;
    }
    eurusd(&bids)
}

/// Runs to the end, buying every 37th bar; `look` sees the run at each bar.
fn bought(trail: bool, mut look: impl FnMut(usize, &mut Guided)) -> RunResult {
    let mut run = led(vec![wandering(3_000)], vec![]).unwrap();
    let mut bar = 0;
    while run.advance().unwrap() {
        if bar % 37 == 0 {
            let trail_pips = trail.then(|| vec![Some(8.0)].into());
            run.ask(0, SignalColumns { trail_pips, ..buy("EURUSD") }).unwrap();
        }
        look(bar, &mut run);
        bar += 1;
    }
    run.finish().unwrap();
    run.hand_over()
}

#[test]
fn n71_looking_changes_nothing_and_sees_the_bar_that_is_over() {
    for trail in [false, true] {
        let mut accounts = Vec::new();
        let looked_at = bought(trail, |_, run| accounts.push((run.account(), run.positions(0))));
        let rarely = bought(trail, |bar, run| {
            if bar % 61 == 60 {
                assert_eq!((run.account(), run.positions(0)), accounts[bar]);
            }
        });
        assert!(looked_at.trades.len() > 10 && looked_at.equity.time.len() == 3_000);
        assert_eq!(looked_at, rarely);
        assert_eq!(looked_at, bought(trail, |_, _| {}));
    }
}
