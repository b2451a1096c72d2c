"""One HTML file that shows what runs came to, without network access: Bokeh's script, the data and the text in one page."""
