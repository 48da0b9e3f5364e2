/** The bundler takes styles along; importing one gives nothing. */
declare module "*.css";
