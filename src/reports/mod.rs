//! Verdicts to text and data for people and scripts. Decides nothing.
