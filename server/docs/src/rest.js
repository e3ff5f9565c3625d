// The REST API, with requests that can be tried.
import SwaggerUI from "swagger-ui-dist/swagger-ui-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

SwaggerUI({
  url: "/openapi.json",
  domNode: document.getElementById("content"),
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  // No other host is asked.
  validatorUrl: null,
});
