//! What the numbers say, in sentences that follow from them.

use digits::chance_loss;
use next_digit::{About, Evidence, Scores, TAIL, Verdict};

use crate::data::Data;

/// After training: what was learnt from these data; the evidence and the scores in training and on unseen sequences.
pub(crate) fn of_training(
    data: &Data,
    [training, unseen]: [&Evidence; 2],
    scores: [&Scores; 2],
) -> (Verdict, String) {
    let independent = data.is_independent();
    let verdict = Verdict::new(training, unseen, independent);
    let fresh = if data.about.window.is_some() {
        "the last fifth of the series"
    } else {
        "sequences that it never saw"
    };
    (verdict, sentence(verdict, training, unseen, Some(scores), fresh, independent))
}

/// Of a model on other data than it was trained on; `training` is there if those are known, and then `fresh` are the
/// given sequences whose contexts are not among them.
pub(crate) fn of_others(
    about: Option<&About>,
    training: Option<&Evidence>,
    fresh: &Evidence,
    given: usize,
    independent: bool,
) -> (Verdict, String) {
    let (Some(about), Some(training)) = (about, training) else {
        let verdict = Verdict::without_training(fresh, independent);
        return (verdict, origin(about) + &on_strangers(verdict, fresh));
    };
    let task = about.data.task.as_deref().unwrap_or("?");
    let trained = format!("It was trained on {} sequences of `{task}`.", about.data.training);
    if fresh.of == 0 {
        let all = "The contexts of all these were among them, so nothing is shown here.";
        return (Verdict::CannotTell, format!("{trained} {all}"));
    }
    let verdict = Verdict::new(training, fresh, independent);
    let seen = if fresh.of == given {
        "None of these has a context from there.".to_owned()
    } else {
        format!("Of these {given}, {} count: each context once, and none from there.", fresh.of)
    };
    let others = "others, which it never saw";
    let sentence = sentence(verdict, training, fresh, None, others, independent);
    (verdict, format!("{trained} {seen} {sentence}"))
}

/// What is known of a training whose sequences are not at hand.
fn origin(about: Option<&About>) -> String {
    let Some(about) = about else {
        return "What this network was trained on is not known here: some of these sequences may have been \
                among it. "
            .into();
    };
    let mut text = format!(
        "It was trained on {} other sequences of {} digits, which are not at hand: some of these may have been \
         among them. ",
        about.learnt(),
        about.data.digits
    );
    if let Some(memory) = &about.data.memory {
        let share = |count: usize| percent(count, about.learnt());
        text += &format!(
            "There, a lookup table has {} right, and the digit {} alone {}. ",
            share(memory.ceiling),
            memory.digit,
            share(memory.commonest)
        );
    }
    text
}

fn on_strangers(verdict: Verdict, given: &Evidence) -> String {
    let Evidence { right, of, digit, commonest, .. } = *given;
    match verdict {
        Verdict::Better => format!(
            "If it saw none of them before, it predicts: {right} of {of} right are more than luck gives to \
             the commonest digit, {digit}, which has {commonest}."
        ),
        Verdict::NoBetter => format!(
            "It predicts nothing here: {right} of {of} right are no more than luck gives to the commonest \
             digit, {digit}, which has {commonest}."
        ),
        _ => too_little(given),
    }
}

/// What a verdict means; `scores` are those in training and on the unseen sequences.
fn sentence(
    verdict: Verdict,
    training: &Evidence,
    unseen: &Evidence,
    scores: Option<[&Scores; 2]>,
    fresh: &str,
    independent: bool,
) -> String {
    let Evidence { right, of, commonest, table, .. } = *unseen;
    let share = percent(right, of);
    let seen = match scores {
        Some([seen, _]) => percent(seen.right, seen.of),
        None => percent(training.right, training.of),
    };
    let digit = training.digit;
    let independent =
        if independent { " Nothing could do better: these digits are independent." } else { "" };
    match verdict {
        Verdict::LearntTheRule => format!(
            "It has learnt the rule, for sequences of this length: {share} right on {fresh}, {right} of {of}. {}",
            surely(unseen)
        ),
        Verdict::Predicts => {
            let but = if 100 * right >= 99 * of {
                "but these are too few to call it the rule"
            } else {
                "but it has not mastered the rule"
            };
            format!(
                "It predicts better than luck on {fresh}: {right} of {of} right, where the best without a \
                 network has {}; {but}. {}",
                unseen.yardstick(),
                surely(unseen)
            )
        }
        Verdict::LikeTheTable => format!(
            "It does what a table does: {right} of {of} right on {fresh}. That is more than the {commonest} of the \
             commonest digit, but to look up what followed in training has {table} right."
        ),
        Verdict::LearntNothing => format!(
            "It has learnt nothing yet: even in training it is no better than luck, or than always saying \
             {digit}.{independent}"
        ),
        Verdict::Memorises => format!(
            "It memorises, it cannot predict: {seen} right on what it was trained on, but on {fresh} no better than \
             luck{}.{independent}",
            and_sure(scores.map(|[_, unseen]| unseen))
        ),
        _ if training.is_beyond_luck() => {
            format!("In training it is right in {seen}. {}{independent}", too_little(unseen))
        }
        _ => too_little(unseen),
    }
}

fn and_sure(scores: Option<&Scores>) -> &'static str {
    if scores.is_some_and(|scores| scores.loss > chance_loss()) {
        ", and its loss there is above ln 10: it would lose less by saying that it does not know"
    } else {
        ""
    }
}

/// How much can be relied on.
fn surely(evidence: &Evidence) -> String {
    format!(
        "Of all such sequences it has at least {:.1} % right; with fewer, luck would bring so many only once in \
         {:.0} test sets.",
        100.0 * evidence.surely(),
        1.0 / TAIL
    )
}

/// Why no number of right answers would show anything.
fn too_little(evidence: &Evidence) -> String {
    let Evidence { right, of, commonest, digit, .. } = *evidence;
    if commonest == of && of > 1 {
        return format!("Whether it predicts cannot be told: the answer is always {digit}.");
    }
    let answers = if of == 1 { "1 answer is" } else { &format!("{of} answers are") };
    format!(
        "Whether it predicts cannot be told: {answers} too few. It has {right} right, and luck could have {of}."
    )
}

fn percent(right: usize, of: usize) -> String {
    format!("{:.1} %", 100.0 * right as f64 / of.max(1) as f64)
}
