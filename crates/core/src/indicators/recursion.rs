//! The recursion of exponential averages.

/// Steps that are taken together.
pub(super) const BLOCK: usize = 8;
/// Values that each step adds anew.
pub(super) const TAPS: usize = 4;

/// `y = keep * y + gain * x`.
///
/// Written out, a value is the one of eight steps before times a power of `keep`, and what the values since then added,
/// in two times four of them: steps of a block do not wait for each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recursion {
    gain: f64,
    /// What each of the newest values adds, from the oldest on.
    pub(super) gains: [f64; TAPS],
    /// `keep` to the powers of `TAPS` and of `BLOCK`.
    pub(super) powers: [f64; 2],
    pub(super) newest: Newest,
}

/// What the next steps go back to, from the oldest on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Newest {
    pub(super) values: [f64; TAPS - 1],
    /// What each step and those just before it added.
    pub(super) added: [f64; TAPS],
    pub(super) smoothed: [f64; BLOCK],
}

impl Recursion {
    pub(super) fn new(keep: f64, gain: f64) -> Self {
        let (two, three) = (keep * keep, keep * keep * keep);
        let four = two * two;
        let gains = [three * gain, two * gain, keep * gain, gain];
        Self { gain, gains, powers: [four, four * four], newest: Newest::default() }
    }

    /// Begins with a smoothed value, as if nothing had been before the one value that it is made of.
    pub(super) fn begin(&mut self, smoothed: f64) {
        self.newest = Newest::default();
        self.newest.push(smoothed / self.gain, smoothed, smoothed);
    }

    /// Takes a value that is known.
    #[inline]
    pub(super) fn step(&mut self, value: f64) -> f64 {
        let [third, second, first] = self.newest.values;
        let added = self.added([third, second, first, value]);
        let smoothed = self.smoothed(self.newest.smoothed[0], self.newest.added[0], added);
        self.newest.push(value, added, smoothed);
        smoothed
    }

    /// What the newest values add.
    #[inline(always)]
    fn added(&self, values: [f64; TAPS]) -> f64 {
        let [third, second, first, newest] = std::array::from_fn(|tap| values[tap] * self.gains[tap]);
        (third + second) + (first + newest)
    }

    /// What comes of the value before the block, and of what was added since.
    #[inline(always)]
    fn smoothed(&self, before: f64, older: f64, newer: f64) -> f64 {
        before * self.powers[1] + (older * self.powers[0] + newer)
    }

    /// Takes many values that are known, and puts down the smoothed ones.
    #[inline(always)]
    pub(super) fn slide(&mut self, values: &[f64], smoothed: &mut [f64]) {
        let (blocks, last) = values.split_at(values.len() - values.len() % BLOCK);
        let (places, last_places) = smoothed.split_at_mut(blocks.len());
        if !blocks.is_empty() {
            self.add(blocks, places);
            self.smooth(places);
            self.keep(blocks);
        }
        for (place, &value) in last_places.iter_mut().zip(last) {
            *place = self.step(value);
        }
    }

    /// Takes many values into two recursions, neither of which waits for the other, and puts down by how much the first
    /// one is above the second. There is room for as many values.
    #[inline(always)]
    pub(super) fn slide_apart(two: &mut [Self; 2], values: &[f64], differences: &mut [f64], room: &mut [f64]) {
        let (blocks, last) = values.split_at(values.len() - values.len() % BLOCK);
        let (places, last_places) = differences.split_at_mut(blocks.len());
        if !blocks.is_empty() {
            two[0].add(blocks, places);
            two[1].add(blocks, room);
            Self::smooth_apart(two, places, room);
            two.iter_mut().for_each(|one| one.keep(blocks));
        }
        for (place, &value) in last_places.iter_mut().zip(last) {
            *place = two[0].step(value) - two[1].step(value);
        }
    }

    #[inline(always)]
    fn keep(&mut self, values: &[f64]) {
        self.newest.values = *values.last_chunk().expect("a block is longer");
    }

    /// Puts down what each of the values and those before it add.
    #[inline(always)]
    fn add(&self, values: &[f64], places: &mut [f64]) {
        let mut first = [0.0; TAPS - 1 + BLOCK];
        first[..TAPS - 1].copy_from_slice(&self.newest.values);
        first[TAPS - 1..].copy_from_slice(&values[..BLOCK]);
        // Places are whole blocks in both parts: what is put down together is read together.
        let (first_places, places) = places.split_at_mut(BLOCK);
        self.add_each(&first, first_places);
        self.add_each(&values[BLOCK + 1 - TAPS..], places);
    }

    #[inline(always)]
    fn add_each(&self, values: &[f64], places: &mut [f64]) {
        for (place, values) in places.iter_mut().zip(values.windows(TAPS)) {
            *place = self.added([values[0], values[1], values[2], values[3]]);
        }
    }

    /// Makes smoothed values of what was added, a block at a time.
    #[inline(always)]
    fn smooth(&mut self, places: &mut [f64]) {
        // What nobody else can see may live in registers.
        let mut newest = self.newest;
        for place in places.as_chunks_mut().0 {
            *place = self.smooth_block(&mut newest, *place);
        }
        self.newest = newest;
    }

    /// As `smooth`, of what was added to both, and puts down the differences.
    #[inline(always)]
    fn smooth_apart(two: &mut [Self; 2], places: &mut [f64], room: &[f64]) {
        let [mut newest, mut other_newest] = [two[0].newest, two[1].newest];
        for (place, &other) in places.as_chunks_mut().0.iter_mut().zip(room.as_chunks().0) {
            let one = two[0].smooth_block(&mut newest, *place);
            let other = two[1].smooth_block(&mut other_newest, other);
            *place = std::array::from_fn(|at| one[at] - other[at]);
        }
        [two[0].newest, two[1].newest] = [newest, other_newest];
    }

    #[inline(always)]
    fn smooth_block(&self, newest: &mut Newest, newer: [f64; BLOCK]) -> [f64; BLOCK] {
        for at in 0..BLOCK {
            let older = if at < TAPS { newest.added[at] } else { newer[at - TAPS] };
            newest.smoothed[at] = self.smoothed(newest.smoothed[at], older, newer[at]);
        }
        newest.added.copy_from_slice(&newer[BLOCK - TAPS..]);
        newest.smoothed
    }
}

impl Newest {
    #[inline]
    fn push(&mut self, value: f64, added: f64, smoothed: f64) {
        push(&mut self.values, value);
        push(&mut self.added, added);
        push(&mut self.smoothed, smoothed);
    }
}

/// Takes a number, and lets the oldest one go.
#[inline]
fn push<const N: usize>(numbers: &mut [f64; N], newest: f64) {
    numbers.rotate_left(1);
    numbers[N - 1] = newest;
}
