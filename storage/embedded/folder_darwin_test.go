package embedded

const usualData = "Library/Application Support"
