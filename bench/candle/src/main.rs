//! The row of candle: `candle_nn`'s LSTM, linear layer and cross-entropy, and its AdamW without weight
//! decay, which is Adam.
#![forbid(unsafe_code)]

use anyhow::{Context, Result};
use bench::{Batch, DIGITS, LEARNING_RATE, Step, Task, Work};
use candle_core::{D, DType, Device, Tensor};
use candle_nn::encoding::one_hot;
use candle_nn::rnn::{LSTM, LSTMConfig, RNN, lstm};
use candle_nn::{AdamW, Linear, Module, Optimizer, ParamsAdamW, VarBuilder, VarMap, linear};

struct Network {
    lstm: LSTM,
    linear: Linear,
}

impl Network {
    fn new(hidden: usize, vars: VarBuilder) -> Result<Network> {
        let config = LSTMConfig::default();
        Ok(Network {
            lstm: lstm(DIGITS, hidden, config, vars.pp("lstm"))?,
            linear: linear(hidden, DIGITS, vars.pp("linear"))?,
        })
    }

    /// Logits (B, 10) of digits (B, T).
    fn forward(&self, digits: &Tensor) -> Result<Tensor> {
        let states = self.lstm.seq(&one_hot(digits.clone(), DIGITS, 1f32, 0f32)?)?;
        let last = states.last().context("no digits")?;
        Ok(self.linear.forward(last.h())?)
    }
}

fn make(work: &Work, batches: &[Batch]) -> Result<Step> {
    let vars = VarMap::new();
    let network =
        Network::new(work.hidden, VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu))?;
    let tensors = |batch: &Batch| -> Result<(Tensor, Tensor)> {
        let shape = (work.batch, work.length);
        let digits = Tensor::from_slice(&batch.digits, shape, &Device::Cpu)?;
        Ok((digits, Tensor::from_slice(&batch.labels, work.batch, &Device::Cpu)?))
    };
    let batches: Vec<(Tensor, Tensor)> = batches.iter().map(tensors).collect::<Result<_>>()?;
    let params = ParamsAdamW { lr: LEARNING_RATE, weight_decay: 0.0, ..ParamsAdamW::default() };
    let mut adam = AdamW::new(vars.all_vars(), params)?;
    Ok(match work.task {
        Task::Train => Box::new(move |at| {
            let (digits, labels) = &batches[at];
            let loss = candle_nn::loss::cross_entropy(&network.forward(digits)?, labels)?;
            adam.backward_step(&loss)?;
            Ok(loss.to_scalar()?)
        }),
        Task::Infer => Box::new(move |at| {
            let digit = network.forward(&batches[at].0)?.argmax(D::Minus1)?;
            Ok(digit.to_vec1::<u32>()?[0] as f32)
        }),
    })
}

fn main() -> Result<()> {
    bench::serve(&format!("candle {}", bench::version("candle-core")), make)
}
