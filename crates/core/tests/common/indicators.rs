//! Indicators one row after the other.

use omegasim_core::indicators::definition::Definition;

/// The outputs of an indicator that is given the rows of columns one by one.
pub fn streamed(definition: &Definition, parameters: &[f64], columns: &[&[f64]]) -> Vec<Vec<f64>> {
    let mut indicator = definition.start(parameters).unwrap();
    let mut outputs = vec![Vec::new(); definition.outputs.len()];
    for row in 0..columns[0].len() {
        let inputs: Vec<f64> = columns.iter().map(|column| column[row]).collect();
        let mut values = vec![0.0; outputs.len()];
        indicator.update(&inputs, &mut values);
        outputs.iter_mut().zip(values).for_each(|(output, value)| output.push(value));
    }
    outputs
}
