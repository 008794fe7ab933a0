/* The file stays in the browser until the API has it: the staff pages themselves take no large bodies. */
window.attuneImport = async (inputId, fields) => {
  const file = document.getElementById(inputId)?.files?.[0];
  if (!file) return { error: "Choose a file first." };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file, file.name);
  try {
    const response = await fetch("/api/catalogue/import", { method: "POST", body: form });
    const said = await response.json().catch(() => null);
    if (!response.ok) return { error: said?.error?.message ?? `The service answered ${response.status}.` };
    return { result: { ...said, rejected: said.rejected.slice(0, 200), columns: said.columns.slice(0, 200) } };
  } catch {
    return { error: "The file could not be sent. Check the connection and try again." };
  }
};
