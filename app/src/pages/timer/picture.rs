//! The picture of the span: work and breaks to scale, and the same as a table.

use super::{
    View,
    span::{Part, Span, WIDTH},
};
use crate::components::{Rows, When, rows};
use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html::Div,
    prelude::*,
};

/// The maximum number of parts in the table, the newest ones.
const LISTED: usize = 200;

/// The heights of the bars in the picture.
const WORK: (i64, i64) = (8, 92);
const BREAK: (i64, i64) = (42, 58);

/// The picture, in which pointer and arrow keys choose a part, and the table.
#[component]
pub fn SpanPicture(view: View) -> impl IntoView {
    let t = view.t;
    let chosen = RwSignal::new(None::<usize>);
    let picture = NodeRef::<Div>::new();
    let with = move |read: fn(&Span) -> String| view.span.with(read);
    let last = move || view.span.with(|span| span.parts.len().saturating_sub(1));
    let current = move || chosen.get().unwrap_or_default().min(last());
    let reading = move || {
        let part = view.span.with(|span| span.parts.get(current()).copied());
        part.map(|part| describe(view, &part)).unwrap_or_default()
    };
    let on_key = move |event: KeyboardEvent| {
        let (current, last) = (untrack(current), untrack(last));
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => current + 1,
            "ArrowLeft" | "ArrowDown" => current.saturating_sub(1),
            "PageUp" => current + 10,
            "PageDown" => current.saturating_sub(10),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        chosen.set(Some(next.min(last)));
    };
    let on_pointer = move |event: PointerEvent| {
        let x = place(&event, picture);
        chosen.set(x.and_then(|x| view.span.with_untracked(|span| span.part_at(x))));
    };
    let frame = move || {
        let bar = chosen.get().and_then(|_| {
            view.span
                .with(|span| span.parts.get(current()).map(|part| span.bar(part.from, part.until)))
        });
        bar.map(|(x, width)| (x.to_string(), width.to_string()))
    };
    let over = Memo::new(move |_| view.span.with(|span| span.over_from.is_some()));
    let replaced = Memo::new(move |_| view.span.with(|span| span.replaced_end));
    view! {
        <section class="panel span" aria-labelledby="span-heading">
            <h2 id="span-heading">{t.span}</h2>
            <div
                class="span-picture"
                node_ref=picture
                role="slider"
                tabindex="0"
                data-keys
                aria-label=t.span_parts
                aria-describedby="span-hint"
                aria-valuemin="1"
                aria-valuemax=move || (last() + 1).to_string()
                aria-valuenow=move || (current() + 1).to_string()
                aria-valuetext=reading
                on:keydown=on_key
                on:focus=move |_| chosen.update(|chosen| *chosen = chosen.or(Some(0)))
                on:blur=move |_| chosen.set(None)
                on:pointerdown=on_pointer
                on:pointermove=on_pointer
                on:pointerleave=move |_| chosen.set(None)
            >
                <svg viewBox="0 0 10000 100" preserveAspectRatio="none" aria-hidden="true">
                    <path class="span-break" d=move || with(|span| span.path(false, BREAK.0, BREAK.1)) />
                    <path class="span-work" d=move || with(|span| span.path(true, WORK.0, WORK.1)) />
                    <path class="span-over" d=move || with(|span| span.over_path(WORK.0, WORK.1)) />
                    <rect
                        class="span-replaced"
                        x=move || with(|span| span.x(span.until).to_string())
                        y="8"
                        width=move || with(|span| (span.x(span.picture_end()) - span.x(span.until)).to_string())
                        height="84"
                    />
                    <rect
                        class="span-chosen"
                        x=move || frame().map(|(x, _)| x)
                        y="0"
                        width=move || frame().map_or_else(|| "0".to_owned(), |(_, width)| width)
                        height="100"
                    />
                </svg>
            </div>
            <div class="span-ends" aria-hidden="true">
                <span>{move || view.moment(view.span.with(|span| span.from))}</span>
                <span>{move || view.moment(view.span.with(Span::picture_end))}</span>
            </div>
            <p class="span-reading" id="span-hint" data-testid="span-reading">
                {move || if chosen.get().is_some() { reading() } else { t.span_hint.to_owned() }}
            </p>
            <ul class="legend" aria-hidden="true">
                <li class="legend-work">{t.work}</li>
                <li class="legend-break">{t.pause}</li>
                <When holds=move || over.get()>
                    <li class="legend-over">{t.over}</li>
                </When>
            </ul>
            <When holds=move || replaced.get().is_some()>
                <p class="span-corrected" data-testid="replaced-end">
                    {move || replaced.get().map(|at| (t.replaced)(&view.moment(at)))}
                </p>
            </When>
            <PartTable view />
        </section>
    }
    .into_any()
}

#[component]
fn PartTable(view: View) -> impl IntoView {
    let t = view.t;
    let skipped = Memo::new(move |_| view.span.with(|span| span.parts.len().saturating_sub(LISTED)));
    let parts = move || {
        view.span.with(|span| {
            let first = span.parts.len().saturating_sub(LISTED);
            span.parts[first..].to_vec()
        })
    };
    // The end of an open part is not in its row.
    let key = |part: &Part| (part.from, (!part.is_open).then_some(part.until));
    let row = move |part: Part| {
        let until = move || match part.is_open {
            true => t.now.to_owned(),
            false => view.moment(part.until),
        };
        let length = move || match part.is_open {
            true => view.span.with(|span| span.parts.last().map_or(0, Part::seconds)),
            false => part.seconds(),
        };
        view! {
            <tr class:break=!part.is_work>
                <th scope="row">{if part.is_work { t.work } else { t.pause }}</th>
                <td>{move || view.moment(part.from)}</td>
                <td>{move || until()}</td>
                <td>{move || view.locale.span(length())}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <When holds=move || { skipped.get() > 0 }>
            <p class="hint">{move || (t.earlier_parts)(skipped.get())}</p>
        </When>
        <div class="parts-frame" role="group" aria-label=t.span_parts tabindex="0">
            <table class="parts">
                <thead>
                    <tr>
                        <th scope="col">{t.part}</th>
                        <th scope="col">{t.from}</th>
                        <th scope="col">{t.until}</th>
                        <th scope="col">{t.length}</th>
                    </tr>
                </thead>
                <tbody>
                    <Rows each=rows(parts, key, row) />
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A part in words.
fn describe(view: View, part: &Part) -> String {
    let t = view.t;
    let until = match part.is_open {
        true => t.now.to_owned(),
        false => view.moment(part.until),
    };
    let kind = if part.is_work { t.work } else { t.pause };
    (t.describe)(kind, &view.moment(part.from), &until, &view.locale.span(part.seconds()))
}

/// The pointer's place in the picture.
#[cfg(feature = "hydrate")]
fn place(event: &PointerEvent, picture: NodeRef<Div>) -> Option<i64> {
    let bounds = picture.get_untracked()?.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width();
    Some((share * WIDTH as f64) as i64)
}

#[cfg(not(feature = "hydrate"))]
fn place(_: &PointerEvent, _: NodeRef<Div>) -> Option<i64> {
    Some(WIDTH)
}
