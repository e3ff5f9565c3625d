//! What any page may do to the document and the response around it.

use leptos::prelude::*;

/// Marks the document once scripts run; browser tests wait for it, and the style sheets hide what needs scripts.
pub fn mark_hydrated() {
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "true");
        }
    });
}

/// Lets the browser's other tabs know that nobody is signed in.
pub fn tell_signed_out() {
    #[cfg(feature = "hydrate")]
    Effect::new(|_| crate::browser::tell_signed_out());
}

/// Sets the response's status while the server renders; nothing in the browser.
pub fn respond_with(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
