/** The reference page: the OpenAPI document as one page of HTML, without scripts. */
import type { OpenApiDocument } from "./document.ts";
import { GUIDE, type GuideSection } from "./guide.ts";
import { type Html, html, inline, markdown } from "./html.ts";
import { type Field, type Schema, SchemaView } from "./schema-view.ts";

/** What of an operation the page shows. */
interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly security: readonly object[];
  readonly "x-codeSamples"?: readonly { readonly source: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

interface Place {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export const STYLE_PATH = "/docs/style.css";

/** @param origin where this server is, for the examples. */
export function referencePage(document: OpenApiDocument, origin: string): string {
  const places = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]): Place => ({
      method,
      path,
      operation: operation as unknown as Operation,
    })),
  );
  const groups = (document.tags ?? []).map(({ name, description = "" }) => ({
    name,
    description,
    places: places.filter(({ operation }) => operation.tags.includes(name)),
  }));
  const view = new SchemaView(document);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>rekishi API reference</title>
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header>
          <a class="brand" href="/docs">rekishi <small>API reference</small></a
          ><a href="/openapi.json">openapi.json</a>
        </header>
        <div class="columns">
          <nav aria-label="Contents">
            <ul>
              ${GUIDE.map(({ name }) => html`<li><a href="#${anchor(name)}">${name}</a></li>`)}
            </ul>
            ${groups.map(navigation)}
          </nav>
          <main id="main">
            <section class="intro">
              <h1>API reference</h1>
              ${markdown(document.info.description ?? "")}
              <pre><code>${shell(origin)}</code></pre>
            </section>
            ${GUIDE.map(guideSection)} ${groups.map((group) => section(group, view))}
          </main>
        </div>
      </body>
    </html> `;
  return page.text;
}

function shell(origin: string): string {
  return `REKISHI=${origin}\nKEY=…   # the root key, or an API key with the scope that a route names`;
}

interface Group {
  readonly name: string;
  readonly description: string;
  readonly places: readonly Place[];
}

function navigation({ name, places }: Group): Html {
  return html`<h2><a href="#${anchor(name)}">${name}</a></h2>
    <ul>
      ${places.map(
        ({ method, operation }) =>
          html`<li>
            <a href="#${operation.operationId}"
              ><b class="${method}">${method}</b> ${operation.summary}</a
            >
          </li>`,
      )}
    </ul>`;
}

function guideSection({ name, content }: GuideSection): Html {
  return html`<section class="guide">
    <h2 id="${anchor(name)}">${name}</h2>
    ${content}
  </section>`;
}

function section({ name, description, places }: Group, view: SchemaView): Html {
  return html`<section>
    <h2 id="${anchor(name)}">${name}</h2>
    ${markdown(description)} ${places.map((place) => article(place, view))}
  </section>`;
}

function article(place: Place, view: SchemaView): Html {
  const { method, path, operation } = place;
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = requestBody?.content["application/json"];
  const [status = "", answer] = Object.entries(responses)[0] ?? [];
  const { schema: answerSchema, example } = answer?.content?.["application/json"] ?? {};
  const errors = Object.keys(responses).slice(1);
  return html`<article id="${operationId}">
    <div class="text">
      <h3><a href="#${operationId}">${summary}</a></h3>
      <p class="path"><b class="${method}">${method}</b> <code>${path}</code></p>
      ${markdown(description)}
      ${
        parameters.length === 0
          ? []
          : [
              html`<h4>Parameters</h4>
                ${parameterList(parameters, view)}`,
            ]
      }
      ${
        body === undefined
          ? []
          : [
              html`<h4>Body</h4>
                ${fieldList(view.fields(body.schema))}`,
            ]
      }
      ${
        answerSchema === undefined
          ? []
          : [
              html`<details>
                <summary>Fields of the answer</summary>
                ${fieldList(view.fields(answerSchema))}
              </details>`,
            ]
      }
      <p class="errors">Errors: ${errors.map((error) => html`<code>${error}</code> `)}</p>
    </div>
    <div class="samples">
      <pre><code>${requestSample(place)}</code></pre>
      <p class="status">Answer <b>${status}</b></p>
      ${
        answerSchema === undefined
          ? []
          : [html`<pre><code>${JSON.stringify(example, null, 2)}</code></pre>`]
      }
    </div>
  </article>`;
}

function parameterList(parameters: readonly Parameter[], view: SchemaView): Html {
  const fields = parameters.map(({ name, in: where, required = false, schema }): Field => ({
    name,
    type: `${view.typeText(schema)} · ${where}`,
    isRequired: required,
    notes: view.notes(schema),
    fields: [],
  }));
  return fieldList(fields);
}

function fieldList(fields: readonly Field[]): Html {
  return html`<dl>
    ${fields.map(
      ({ name, type, isRequired, notes, fields: inner }) =>
        html`<dt>
            <code>${name}</code> <span>${type}</span>${isRequired ? [html` <em>required</em>`] : []}
          </dt>
          <dd>${inline(notes.join(" "))}${inner.length === 0 ? [] : [fieldList(inner)]}</dd>`,
    )}
  </dl>`;
}

/** How to call it: with curl, unless the document says otherwise. */
function requestSample({ method, path, operation }: Place): string {
  const { parameters = [], requestBody, security } = operation;
  const [sample] = operation["x-codeSamples"] ?? [];
  if (sample !== undefined) {
    return sample.source;
  }
  const valuesOf = (where: string) =>
    parameters.flatMap(({ name, in: place, schema }): [name: string, value: string][] => {
      const [value] = place === where ? (schema.examples ?? []) : [];
      return value === undefined ? [] : [[name, value]];
    });
  const values = Object.fromEntries(valuesOf("path"));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? name);
  const query = valuesOf("query").map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const url = [`$REKISHI${filled}`, query.join("&")].filter(Boolean).join("?");
  const verb =
    method === "get" || (method === "post" && requestBody) ? "" : ` -X ${method.toUpperCase()}`;
  const lines = [`curl${verb} "${url}"`];
  if (security.length > 0) {
    lines.push(`-H "Authorization: Bearer $KEY"`);
  }
  const body = requestBody?.content["application/json"];
  if (body !== undefined) {
    const text = JSON.stringify(body.example, null, 2);
    lines.push(`-H "Content-Type: application/json"`, `-d '${text}'`);
  }
  return lines.join(" \\\n  ");
}

function anchor(name: string): string {
  return name.toLowerCase().replaceAll(" ", "-");
}
