//! A run that is driven in parts leaves what a run in one go leaves (R2).

mod common;
mod generators;

use common::*;
use generators::*;
use omegasim_core::engine::batch::Market;
use omegasim_core::engine::run::Run;
use omegasim_core::execution::signal_table::SignalTable;
use omegasim_core::fingerprint::fingerprint;
use omegasim_core::portfolio::equity::EquityMode;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn r2_a_run_in_parts_has_the_fingerprint_of_one(
        (world, signals) in scenes(true, EVERYTHING),
        config in any_settings(),
        part in 1_u64..9,
    ) {
        let market = Market { symbols: vec![market(series(&world))], rates: Vec::new() };
        let table = SignalTable::from_rows(signals, Vec::new());
        let drive = |rows: u64| {
            let mut run = Run::new(&config, &market, &table, EquityMode::Bars).unwrap();
            while run.advance(rows).unwrap() {}
            fingerprint(&run.finish())
        };
        prop_assert_eq!(drive(part), drive(u64::MAX));
    }

    #[test]
    fn r3_a_run_goes_on_from_its_snapshot(
        (world, signals) in scenes(true, EVERYTHING),
        config in any_settings(),
        part in 1_u64..9,
    ) {
        let market = Market { symbols: vec![market(series(&world))], rates: Vec::new() };
        let table = SignalTable::from_rows(signals, Vec::new());
        let start = || Run::new(&config, &market, &table, EquityMode::Bars).unwrap();
        let mut whole = start();
        while whole.advance(u64::MAX).unwrap() {}
        let mut run = start();
        while run.advance(part).unwrap() {
            let state = run.snapshot("this work").unwrap();
            run = start();
            run.resume("this work", &state).unwrap();
        }
        prop_assert_eq!(fingerprint(&run.finish()), fingerprint(&whole.finish()));
    }
}

#[test]
fn r3_a_snapshot_of_other_work_is_refused() {
    let market = Market { symbols: vec![market(eurusd(&[flat(1.1); 4]))], rates: Vec::new() };
    let (config, table) = (config(), SignalTable::from_rows(Vec::new(), Vec::new()));
    let mut run = Run::new(&config, &market, &table, EquityMode::Bars).unwrap();
    let state = run.snapshot("this work").unwrap();
    let error = run.resume("other work", &state).unwrap_err();
    assert!(error.to_string().contains("belongs to other settings, data or signals"), "{error}");
}
