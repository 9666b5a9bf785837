//! A column of values, its own or shared with whoever made it.

use std::fmt;
use std::sync::Arc;

/// Values in a row; cloning is cheap and shares them.
pub enum Column<T> {
    /// Values that belong to the simulator.
    Owned(Arc<Vec<T>>),
    /// Values that belong to somebody else, such as a data frame.
    Shared(Arc<dyn AsRef<[T]> + Send + Sync>),
}

impl<T> Column<T> {
    /// A column over foreign memory.
    pub fn shared(values: impl AsRef<[T]> + Send + Sync + 'static) -> Self {
        Self::Shared(Arc::new(values))
    }

    /// The values.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::Owned(values) => values,
            Self::Shared(values) => (**values).as_ref(),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Owned(values) => Self::Owned(Arc::clone(values)),
            Self::Shared(values) => Self::Shared(Arc::clone(values)),
        }
    }
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Owned(Arc::new(values))
    }
}

impl<T: fmt::Debug> fmt::Debug for Column<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(formatter)
    }
}

impl<T: PartialEq> PartialEq for Column<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}
