// Starts Swagger UI (loaded before, as a script of its own) on the element that names the API document.

const element = document.getElementById("documentation");

window.SwaggerUIBundle({
  domNode: element,
  url: element.dataset.document,
  deepLinking: true,
  // The badge would send our address to a validator of another party.
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  // It brings a main landmark of its own; a page has one.
  onComplete: () => element.querySelector("main")?.setAttribute("role", "presentation"),
});
