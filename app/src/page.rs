//! Access to the document and the response, for all pages.

use leptos::prelude::*;

/// Marks the document once scripts run; browser tests wait for the mark, and the style sheets hide controls that need
/// scripts.
pub fn mark_hydrated() {
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "true");
        }
    });
}

/// Notifies the browser's other tabs that the session has ended.
pub fn notify_signed_out() {
    #[cfg(feature = "hydrate")]
    Effect::new(|_| crate::browser::notify_signed_out());
}

/// Sets the response's status during server rendering; does nothing in the browser.
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
